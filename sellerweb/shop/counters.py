"""The guarded UPDATEs that move pieces between a line's counters: the one rule that cancel and ship meet in.

Each statement carries its own guard; 0 rows means that somebody was faster, and nothing was moved.
No events, no order rows: `history` calls these.
"""

from dataclasses import dataclass

from sqlalchemy import BindParameter, ColumnElement, Connection, Update, bindparam, update

from sellerweb.shop.models import OrderLine

# Words from a channel that stop a parcel: the buyer has asked to undo, or there is nothing to send yet.
STOPS = (
    "cancel_requested",
    "return_requested",
    "exchange_requested",
    "gift_waiting",
    "unpaid",
    "unknown",
    "refunded",
    "void",
)

_line = OrderLine.__table__.c
_q: BindParameter[int] = bindparam("q")
_open = _line.ordered - _line.cancelled - _line.packed - _line.shipped
# Pieces still here that nobody asks to cancel: only these may be packed, shipped or asked for.
_unasked = _line.ordered - _line.cancelled - _line.shipped - _line.asked
_free = _line.channel_state.not_in(STOPS)


@dataclass(frozen=True, slots=True)
class PieceMove:
    """How one piece moves: the step of each counter, and the statement that does it only where it may."""

    steps: dict[str, int]
    statement: Update


def _piece_move(*guards: ColumnElement[bool], **steps: int) -> PieceMove:
    values = {name: _line[name] + step * _q for name, step in steps.items()}
    return PieceMove(steps, update(OrderLine).where(_line.id == bindparam("line"), *guards).values(values))


PIECE_MOVES = {
    "pack": _piece_move(_open >= _q, _unasked - _line.packed >= _q, _free, packed=1),
    "unpack": _piece_move(_line.packed >= _q, packed=-1),
    "ship": _piece_move(_line.packed >= _q, _unasked >= _q, _free, packed=-1, shipped=1),
    "unship": _piece_move(_line.shipped - _line.delivered - _line.lost - _line.claimed >= _q, packed=1, shipped=-1),
    "deliver": _piece_move(_line.shipped - _line.delivered - _line.lost >= _q, delivered=1),
    # A wish to cancel, and what becomes of it.
    "ask": _piece_move(_unasked >= _q, asked=1),
    "unask": _piece_move(_line.asked >= _q, asked=-1),
    "approve": _piece_move(_line.asked >= _q, _open >= _q, asked=-1, cancelled=1),
    "cancel": _piece_move(_open >= _q, _unasked >= _q, cancelled=1),
    "uncancel": _piece_move(_line.cancelled >= _q, cancelled=-1),
    # A wish about pieces that have left: no piece is wished about twice.
    "claim": _piece_move(_line.shipped - _line.claimed >= _q, claimed=1),
    "unclaim": _piece_move(_line.claimed >= _q, claimed=-1),
    "lose": _piece_move(_line.shipped - _line.delivered - _line.lost >= _q, lost=1),
    "find": _piece_move(_line.lost >= _q, lost=-1),
    "come_back": _piece_move(_line.shipped - _line.returned >= _q, returned=1),
    # What the channel says has already happened outside of this desk.
    "sent_elsewhere": _piece_move(_open >= _q, _unasked >= _q, shipped=1),
}


def move_pieces(tx: Connection, verb: str, line: int, quantity: int) -> bool:
    """Move `quantity` pieces of a line by `verb`; False where the guard found too few (nothing moved)."""
    return tx.execute(PIECE_MOVES[verb].statement, {"line": line, "q": quantity}).rowcount == 1
