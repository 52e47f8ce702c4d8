"""What a row of the queue shows, as escaped text, worked out for fifty rows at a time. No markup but the icons'.

This is the page that people look at all day: words and icons are looked up once a language, not once a row, and the
template writes what it is given as it is. So everything here that a person or a channel typed goes through `escape`.
"""

from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from typing import Any, NamedTuple

from flask import current_app, g
from flask_babel import force_locale
from flask_babel import gettext as _
from markupsafe import escape as _escape

from sellerweb.desk import labels
from sellerweb.kit import words
from sellerweb.kit.static import icon
from sellerweb.shop import shortages, states
from sellerweb.shop.db import read

# Stages in which pieces may still have to be fetched from a shelf.
PACKED_HERE = ("new", "preparing", "partly_shipped")


class Cell(NamedTuple):
    """One row, in the order that _rows.html unpacks. `look` says which button it has: close, ship or look."""

    heading: str
    code: str
    kind: str
    mark: str
    order_no: str
    ordered: str
    who: str
    town: str
    goods: str
    small: str
    due: str
    look: str


@dataclass(frozen=True, slots=True)
class Words:
    """The words of a row in one language."""

    pick: tuple[str, str]
    more: tuple[str, str]
    pieces: tuple[str, str]
    test: str
    memo: str
    gift: str
    late: str
    late_group: str
    due: tuple[str, str]
    midnight: str
    hold: str
    ship: str
    look: str
    close: str
    marks: dict[str, str]
    stages: dict[str, str]
    blocks: dict[str, str]
    flags: dict[str, str]
    withdrawn: str
    there: str
    late_icon: str
    due_icon: str
    tabs: dict[str, str]
    channels: dict[str, str]


def cells(
    rows: Iterable[Any], now: datetime, tonight: datetime, open_: Collection[str], *, group: bool
) -> Iterator[Cell]:
    """Each row as its cells; `group` puts a heading before the first row of each deadline."""
    lang, zone = words.language(), current_app.config["TIMEZONE"]
    word = row_words(lang)
    heading, due, due_heading = "", None, ""
    rows = list(rows)
    short = short_of([row.id for row in rows if row.stage in PACKED_HERE])
    for row in rows:
        todo = row.stage in states.OPEN
        blocked = row.channel_block if todo else ""
        # A wish to cancel stops a row, one that was taken back must not be forgotten: both are red.
        red = blocked or (todo and row.claim_flag in ("cancel_asked", "cancel_withdrawn"))
        late = todo and row.ship_due_at is not None and row.ship_due_at < now
        title = ""
        if group and row.ship_due_at:
            if row.ship_due_at != due:  # rows of one deadline stand together: say it once
                due = row.ship_due_at
                due_heading = word.late_group if late else _heading(due, now, tonight, zone, lang, word)
            title, heading = ("" if due_heading == heading else due_heading), due_heading
        is_open = row.code in open_
        # Ready ones are packed whole: they are handed over, not packed again.
        ship = todo and not blocked and not row.held_at and row.stage != "ready"
        ship = ship and (row.claim_flag != "cancel_asked" or row.sendable)
        yield Cell(
            title,
            row.code,
            (" open" if is_open else "") + (" hold" if red else ""),
            word.marks[row.channel],
            escape(row.order_no),
            words.when(row.ordered_at, now, zone, lang) + (f" · {word.test}" if row.is_test else ""),
            escape(words.mask_name(row.receiver_name)),
            escape(row.town) if row.stage != "awaiting_payment" else "",
            escape(row.goods) + (f" {word.more[0]}{row.lines_count - 1}{word.more[1]}" if row.lines_count > 1 else ""),
            _there(short.get(row.id), word) + _small(row, word, lang),
            _due(row, word, now, tonight, lang, todo=todo, late=late),
            "close" if is_open else "ship" if ship else "look",
        )


def short_of(orders: list[int]) -> dict[int, shortages.Short]:
    """What of these orders is not there, asked once for each while one page is made: the row and its form both say it."""
    known: dict[int, shortages.Short] = g.setdefault("short", {})
    if new := [order for order in orders if order not in known]:
        known |= {order: {} for order in new} | shortages.of(read(), new)
    return known


def escape(text: str) -> str:
    """Text that is safe between tags and in quotes."""
    return str(_escape(text))


@lru_cache(maxsize=8)
def row_words(lang: str) -> Words:
    """The row's words in `lang`, looked up once while the program runs."""
    with force_locale(lang):
        return Words(
            pick=_split(_("Pick %(code)s", code="{}")),
            more=_split(_("and %(n)s more", n="{}")),
            pieces=_split(_("%(n)s pcs", n="{}")),
            test=_("Test"),
            memo=_("memo"),
            gift=_("gift"),
            late=_("late"),
            late_group=_("Late"),
            due=_split(_("Due %(when)s", when="{}")),
            midnight=_("today, by midnight"),
            hold=_badge("b-note", "pause", _("On hold")),
            ship=icon("truck") + _("Ship"),
            look=_("Look"),
            close=_("Close") + " " + icon("chevron-up"),
            marks={
                channel: f'<span class="ch {look}" title="{labels.CHANNEL[channel]}"><span aria-hidden="true">{letter}</span>'
                f'<span class="vh">{labels.CHANNEL[channel]}</span></span>'
                for channel, (look, letter) in labels.CHANNEL_MARK.items()
            },
            stages={s: _badge(*labels.STAGE_LOOK[s], str(labels.STAGE[s])) for s in states.STAGES},
            blocks={b: _badge("b-bad", "alert", str(label)) for b, label in labels.BLOCK.items()},
            flags={flag: _badge("b-bad", labels.FLAG_ICON[flag], str(label)) for flag, label in labels.FLAG.items()},
            withdrawn=_("cancel withdrawn: send it"),
            there=_badge("b-bad num", "package-x", _("%(there)s of %(all)s there", there="{there}", all="{all}")),
            late_icon=icon("alert", True),
            due_icon=icon("clock", True),
            tabs={name: str(label) for name, label in (labels.TAB | labels.STAGE).items()},
            channels={name: str(label) for name, label in labels.CHANNEL.items()},
        )


def _there(short: shortages.Short | None, word: Words) -> str:
    """How much of what the order needs lies on its shelves, where that is not all."""
    if not short:
        return ""
    there, need = shortages.sums(short)
    return word.there.format(there=there, all=need) + " "


def _small(row: Any, word: Words, lang: str) -> str:
    parts = [f"{word.pieces[0]}{row.pieces}{word.pieces[1]}"]
    if row.total is not None:
        parts.append(words.money(row.total, row.currency, lang))
    if row.message:
        parts.append(word.memo)
    if row.gift_note:
        parts.append(word.gift)
    if row.claim_flag == "cancel_withdrawn":
        parts.insert(0, word.withdrawn)
    return " · ".join(parts)


def _due(row: Any, word: Words, now: datetime, tonight: datetime, lang: str, *, todo: bool, late: bool) -> str:
    flag = word.flags.get(row.claim_flag, "")
    if not todo:
        return f"{word.stages[row.stage]}<br>{flag}" if flag else word.stages[row.stage]
    if row.channel_block:
        return word.blocks.get(row.channel_block) or word.blocks["unknown"]
    if row.claim_flag == "cancel_asked":
        return flag
    if row.held_at:
        return word.hold
    due = row.ship_due_at
    look = "b-bad" if late else "b-warn" if due <= tonight else "b-info"
    picture, more = (word.late_icon, f" {word.late}") if late else (word.due_icon, "")
    flag += "<br>" if flag else ""
    return (
        f'{flag}<time class="badge num {look}" datetime="{due.isoformat()}">'
        f"{picture}{words.left(due, now, lang)}{more}</time>"
    )


def _heading(due: datetime, now: datetime, tonight: datetime, zone: str, lang: str, word: Words) -> str:
    when = word.midnight if due == tonight else words.when(words.day_of(due, zone), now, zone, lang)
    return f"{word.due[0]}{when}{word.due[1]}"


def _badge(look: str, picture: str, text: str) -> str:
    return f'<span class="badge {look}">{icon(picture, True)}{text}</span>'


def _split(text: str) -> tuple[str, str]:
    before, _mark, after = text.partition("{}")
    return before, after
