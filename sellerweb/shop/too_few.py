"""Why pieces cannot be packed or handed over: the sentences for the person at the bench. Decides nothing."""

from flask_babel import lazy_gettext as _l

from sellerweb.shop import counters, queries
from sellerweb.shop.case import Case
from sellerweb.shop.refused import Refused

STOPPED = {
    "cancel_requested": _l("The customer has asked to cancel. Do not hand this over: settle the request first."),
    "return_requested": _l("The customer has asked to return this. Settle the request first."),
    "exchange_requested": _l("The customer has asked for an exchange. Settle the request first."),
    "gift_waiting": _l("The receiver has not accepted this gift yet, so there is no address. Wait for it."),
    "unpaid": _l("This order is not paid yet. Nothing was packed."),
    "refunded": _l("The channel says this was refunded. Nothing was packed."),
    "void": _l("The channel says this order is void. Nothing was packed."),
    "unknown": _l("The channel gives a state that we do not know. Look there before sending anything."),
}
FASTER = {
    "cancelled": _l("This was cancelled. Do not send it; look at what is still open in this order."),
    "packed": _l("This is in a parcel already. Nothing was changed; look at what is still open in this order."),
}


def too_few(case: Case, pieces: dict[int, int]) -> Refused:
    for line_id, quantity in pieces.items():
        line = case.lines.get(line_id)
        if line is None:
            return Refused(_l("One of these lines does not belong to the order. Nothing was changed."))
        if line.channel_state in counters.STOPS:
            return Refused(STOPPED[line.channel_state])
        if line.asked:
            return Refused(STOPPED["cancel_requested"])
        if queries.open_pieces(line) < quantity <= line.ordered:  # not typed wrongly: somebody was faster
            return Refused(FASTER["cancelled" if line.cancelled else "packed"])
    return Refused(
        _l("There are not that many pieces left to send in this order. Look at what is still open."), "quantity"
    )
