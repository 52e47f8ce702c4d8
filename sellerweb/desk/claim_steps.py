"""The steps of a claim at the desk: what each asks, does and says. The timetable decides which are there. No pages."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

from flask_babel import lazy_gettext as _l
from flask_login import current_user

from sellerweb.desk import claim_forms as forms
from sellerweb.desk.forms import MoveForm, PiecesForm, PlainForm
from sellerweb.shop import cancelling, cancels, claims, fees, policy, redeliveries, returns, states
from sellerweb.shop.case import Case
from sellerweb.shop.undone import Undone


@dataclass(frozen=True, slots=True)
class Step:
    """`word` stands on its button, `ask` above its form, `said` in the toast; `do(case, claim id, form)`.

    `manager`: it decides about money, so a packer does not take it.
    """

    word: Any
    ask: Any
    said: Any
    do: Callable[[Case, int, Any], object]
    form: type[MoveForm] = PlainForm
    manager: bool = False


_REFUSE = _l("Nothing is taken back. The customer reads this sentence.")
_WITHDRAW = _l("The customer does not want it any more. Everything stays as it was before they asked.")
_SENT_AGAIN = _l("It becomes a new line of the order, at no price, and waits in the queue like any other.")
_AGAIN_SAID = _l("It waits in the queue to be sent once more.")

_CANCEL = {
    "approve": Step(
        _l("Approve"),
        _l("These pieces are cancelled and the money is owed."),
        _l("Cancelled. The customer gets the letter when the time to undo is over."),
        lambda case, claim, form: cancels.approve(
            case, claim, _sum(case, claim, form), restock=form.restock.data, tell=form.tell.data
        ),
        forms.ApproveForm,
        manager=True,
    ),
    "refuse": Step(
        _l("Refuse"),
        _l("Nothing is cancelled, and the order goes on. Give a sentence, or the parcel that has left already."),
        _l("Refused. The customer is told, and the order goes on."),
        lambda case, claim, form: cancels.refuse(case, claim, form.answer.data, form.parcel()),
        forms.RefuseForm,
        manager=True,
    ),
    "withdraw": Step(
        _l("Withdrawn by the customer"),
        _l("The order goes back to its place in the queue, marked red, so that it is not forgotten."),
        _l("Withdrawn. The order is in its place again: send it."),
        lambda case, claim, _form: cancels.withdraw(case, claim),
    ),
}
_DECIDE = {
    "accept": Step(
        _l("Accept"),
        _l("The customer is told how to send it back. Words of your own stand beside ours."),
        _l("Accepted. The customer is told."),
        lambda case, claim, form: returns.accept(case, claim, form.answer.data),
        forms.AnswerForm,
        manager=True,
    ),
    "inspect": Step(
        _l("Inspect"),
        _l(
            "Say of every piece what it is like. What can be sold again goes on sale; only what is ours and here counts."
        ),
        _l("Inspected. The figures follow what was found."),
        lambda case, claim, form: returns.inspect(
            case, claim, {line: returns.Found(**counts) for line, counts in form.counted().items()}
        ),
        forms.InspectForm,
    ),
}
_ON_THE_WAY = {
    "receive": Step(
        _l("Receive"),
        _l("What is here now; the rest may come later. With the first piece the clock for our answer begins."),
        _l("Received. Inspect it next."),
        lambda case, claim, form: returns.receive(case, claim, form.quantities()),
        PiecesForm,
    ),
    "collect": Step(
        _l("On its way"),
        _l("The goods are on their way to us, with this number where it is known."),
        _l("Noted: it is on its way back."),
        lambda case, claim, form: returns.collect(case, claim, form.named(), form.number.data),
        forms.CollectForm,
    ),
    "bear": Step(
        _l("Who pays"),
        _l("The figures are worked out anew. The reason stays as it was given."),
        _l("Decided. The figures follow."),
        lambda case, claim, form: returns.bear(case, claim, form.bearer.data, form.times(), form.note.data),
        forms.BearForm,
        manager=True,
    ),
    "hold": Step(
        _l("Hold"),
        _l("It waits, and the customer is told why."),
        _l("On hold. The customer is told why."),
        lambda case, claim, form: returns.hold(case, claim, form.reason.data),
        forms.WaitForm,
    ),
    "release": Step(
        _l("Release"),
        _l("It goes on where it stood."),
        _l("Released. It goes on where it stood."),
        lambda case, claim, _form: returns.release(case, claim),
    ),
    "refuse": Step(
        _l("Refuse"),
        _REFUSE,
        _l("Refused. The customer is told."),
        lambda case, claim, form: returns.refuse(case, claim, form.answer.data),
        forms.AnswerForm,
        manager=True,
    ),
    "withdraw": Step(
        _l("Withdrawn by the customer"),
        _WITHDRAW,
        _l("Withdrawn. Nothing is to come back."),
        lambda case, claim, _form: returns.withdraw(case, claim),
    ),
}
_FINISH = Step(
    _l("Finish"),
    _l("The money is owed, and the customer is told."),
    _l("Finished. The refund waits among the refunds."),
    lambda case, claim, form: returns.finish(case, claim, _sum(case, claim, form)),
    forms.MoneyForm,
    manager=True,
)
_RESEND = Step(
    _l("Send the other one"),
    _SENT_AGAIN,
    _AGAIN_SAID,
    lambda case, claim, form: returns.resend(case, claim, form.option.data),
    forms.OptionForm,
    manager=True,
)
_EXCHANGED = Step(
    _l("Finish"),
    _l("The other piece has left: nothing more is to be done."),
    _l("The exchange is done."),
    lambda case, claim, _form: returns.finish(case, claim),
)
_CONVERT = Step(
    _l("Turn into a return"),
    _l("What they want is sold out: they get their money instead, and the shop pays the fee. The customer is told."),
    _l("It is a return now. The customer is told."),
    lambda case, claim, _form: returns.convert(case, claim),
    manager=True,
)
_REDELIVERY = {
    "resend": Step(
        _l("Send once more"),
        _SENT_AGAIN,
        _AGAIN_SAID,
        lambda case, claim, _form: redeliveries.resend(case, claim),
        manager=True,
    ),
    "refund": Step(
        _l("Give money back"),
        _l("Nothing is sent again: the money is owed, and the customer is told."),
        _l("The refund waits among the refunds."),
        lambda case, claim, form: redeliveries.refund(case, claim, _sum(case, claim, form)),
        forms.MoneyForm,
        manager=True,
    ),
    "check": Step(
        _l("Ask the carrier"),
        _l("Somebody asks the carrier where it is."),
        _l("Noted: the carrier is being asked."),
        lambda case, claim, _form: redeliveries.check(case, claim),
    ),
    "found": Step(
        _l("It was found"),
        _l("It is there after all: nothing is sent again and nothing is paid back. The customer is told."),
        _l("Found. The customer is told."),
        lambda case, claim, _form: redeliveries.found(case, claim),
    ),
    "refuse": Step(
        _l("Refuse"),
        _l("Nothing is sent again and nothing is paid back. The customer reads this sentence."),
        _l("Refused. The customer is told."),
        lambda case, claim, form: redeliveries.refuse(case, claim, form.answer.data),
        forms.AnswerForm,
        manager=True,
    ),
    "withdraw": Step(
        _l("Withdrawn by the customer"),
        _WITHDRAW,
        _l("Withdrawn. Nothing is sent again."),
        lambda case, claim, _form: redeliveries.withdraw(case, claim),
    ),
}
# In the order of the buttons: the first that is possible is the main one.
STEPS: dict[str, dict[str, Step]] = {
    "cancel": _CANCEL,
    "return": {**_DECIDE, "finish": _FINISH, **_ON_THE_WAY},
    "exchange": {**_DECIDE, "resend": _RESEND, "finish": _EXCHANGED, **_ON_THE_WAY, "convert": _CONVERT},
    "redelivery": _REDELIVERY,
}


def possible(claim: Any, lines: Iterable[Any]) -> dict[str, Step]:
    """The steps that the timetable and this person's role allow now; what is wanted comes first."""
    may = {verb: step for verb, step in STEPS[claim.kind].items() if states.may(claim.kind, verb, claim.state)}
    if claim.asked_by == "channel":  # it has decided everything but what the goods are like
        may = {verb: step for verb, step in may.items() if verb == "inspect"}
    may.pop("hold" if claim.held_at else "release", None)
    if all(line.received == line.quantity for line in lines):
        may.pop("receive", None)
    if claim.wants == "refund" and "refund" in may:
        may = {"refund": may.pop("refund"), **may}
    return {verb: step for verb, step in may.items() if not step.manager or current_user.may("manager")}


def proposed(
    order: Any, lines: Iterable[Any], claim: Any, pieces: dict[int, int], rules: policy.Policy, undone: Undone
) -> int:
    """What this claim gives back if nobody says otherwise: a cancel is worked out now, the others are already."""
    if claim.kind != "cancel":
        return int(claim.refund) if cancelling.decides_here(order.channel) else 0
    return fees.quote_cancel(order, lines, pieces, claim.reason, rules, undone).refund


def _sum(case: Case, claim: int, form: forms.MoneyForm) -> int | None:
    row = case.claims.get(claim)
    if row is None:
        return None  # the verb will say that it is another order's
    pieces = claims.pieces_of(case, claim)
    rules, undone = claims.rules(case), claims.undone_of(case.act.tx, case.order.id)
    now = proposed(case.order, list(case.lines.values()), row, pieces, rules, undone)
    return form.amount(case.order.currency, now)
