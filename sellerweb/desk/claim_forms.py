"""The shapes of what staff type about claims and money: pieces, reasons, sentences, sums. Truth is the shop's business."""

from typing import Any

from flask_babel import lazy_gettext as _l
from wtforms import (
    BooleanField,
    FieldList,
    Form,
    FormField,
    HiddenField,
    RadioField,
    SelectChoice,
    SelectField,
    StringField,
    TextAreaField,
)
from wtforms.validators import DataRequired, InputRequired, Length, NumberRange, Optional

from sellerweb import carriers
from sellerweb.desk import labels
from sellerweb.desk.claim_words import REASON
from sellerweb.desk.forms import MoveForm, PiecesField, PiecesForm, cleaned, key_of
from sellerweb.kit.words import minor_units
from sellerweb.shop import fees, undone
from sellerweb.shop.refused import Refused

# A sentence that stands in the history too, and what the customer is told in a letter.
SENTENCE, NOTE = 400, 1000


def at_most(most: int) -> Length:
    return Length(max=most, message=_l("That is too long: %(n)s characters at most.", n=most))


class WishForm(PiecesForm):
    """Pieces, why, and in whose words. `kind` decides which reasons there are."""

    reason = RadioField(_l("Reason"), validate_choice=False, validators=[InputRequired(_l("Choose a reason."))])
    note = TextAreaField(_l("Note"), filters=[cleaned], validators=[at_most(NOTE)])

    def of(self, kind: str) -> Any:
        self.reason.choices = [SelectChoice(reason.code, REASON[reason.code]) for reason in fees.REASONS[kind]]
        return self


class MoneyForm(MoveForm):
    """A sum in the order's currency; left empty, what the figures propose. `shown`: what they were when it was sent."""

    refund = StringField(_l("Another sum"), filters=[cleaned], validators=[at_most(30)])
    shown = HiddenField()

    def amount(self, currency: str, proposed: int) -> int | None:
        """What was typed, None for what is proposed. Refused where it is no sum, or where the proposal has changed."""
        if not self.refund.data:
            if self.shown.data and self.shown.data != str(proposed):
                raise Refused(
                    _l("The sum has changed since the page was drawn. Look at it and send it again."), "refund"
                )
            return None
        minor = minor_units(self.refund.data, currency)
        if minor is None:
            raise Refused(_l("Type a sum such as 12,000 or 32.50, or leave the field empty."), "refund")
        return minor


class CancelForm(WishForm, MoneyForm):
    """Cancelling pieces at once. `drawn_for` is the reason that the restock box was preset for."""

    restock = BooleanField(_l("Put the pieces back on sale"), default=True)
    tell = BooleanField(_l("Tell the customer"), default=True)
    drawn_for = HiddenField()

    def puts_back(self) -> bool:
        """What the box says; a reason chosen since it was drawn presets it anew: what is sold out is not there."""
        if self.reason.data == self.drawn_for.data:
            return bool(self.restock.data)
        if "sold_out" in (self.reason.data, self.drawn_for.data):
            return self.reason.data != "sold_out"
        return bool(self.restock.data)


class ClaimForm(WishForm):
    """A return, an exchange or a redelivery that staff write down for the customer."""

    option = StringField(_l("What they want instead"), filters=[cleaned], validators=[at_most(SENTENCE)])
    wants = RadioField(
        _l("What the customer wants"),
        choices=[SelectChoice(code, word) for code, word in labels.WANTS.items()],
        default="resend",
        validate_choice=False,
    )


class ApproveForm(MoneyForm):
    restock = BooleanField(_l("Put the pieces back on sale"), default=True)
    tell = BooleanField(_l("Tell the customer"), default=True)


class AnswerForm(MoveForm):
    answer = TextAreaField(_l("Words for the customer"), filters=[cleaned], validators=[at_most(SENTENCE)])


class RefuseForm(AnswerForm):
    """A sentence, or the parcel that has left."""

    shipment = RadioField(_l("Or the parcel that has left already"), validate_choice=False, validators=[Optional()])

    def parcel(self) -> int | None:
        return key_of(self.shipment.data)


class CollectForm(MoveForm):
    carrier = SelectField(_l("Carrier"), validate_choice=False)
    number = StringField(_l("Tracking number"), filters=[cleaned], validators=[at_most(64)])

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        known = [SelectChoice(c.id, c.spoken) for c in carriers.CARRIERS.values()]
        self.carrier.choices = [SelectChoice("", _l("not known")), *known]

    def named(self) -> str:
        return self.carrier.data if self.carrier.data in carriers.CARRIERS else ""


def _count(word: Any) -> PiecesField:
    why = _l("Type a whole number of pieces, 0 or more.")
    return PiecesField(word, default=0, validators=[Optional(), NumberRange(0, 100_000, why)])


class FoundForm(Form):  # type: ignore[misc]
    """What inspection found of one line's pieces."""

    line = HiddenField(validators=[InputRequired()])
    resellable = _count(_l("Can be sold again"))
    damaged = _count(_l("Damaged"))
    wrong = _count(_l("Not our item"))
    missing = _count(_l("Not in the parcel"))


FOUND = ("resellable", "damaged", "wrong", "missing")


class InspectForm(MoveForm):
    found = FieldList(FormField(FoundForm), max_entries=500)

    def counted(self) -> dict[int, dict[str, int]]:
        return {key_of(f.line.data) or 0: {name: f[name].data or 0 for name in FOUND} for f in self.found}


class BearForm(MoveForm):
    bearer = RadioField(
        _l("Who pays the fee"),
        choices=[SelectChoice(who, labels.BEARER[who]) for who in undone.BEARERS],
        validate_choice=False,
        validators=[InputRequired(_l("Choose who pays the fee."))],
    )
    ways = RadioField(
        _l("How many ways"),
        choices=[SelectChoice("0", _l("none")), SelectChoice("1", _l("one way")), SelectChoice("2", _l("both ways"))],
        default="0",
        validate_choice=False,
    )
    note = StringField(
        _l("Why"), filters=[cleaned], validators=[DataRequired(_l("Say in a few words why.")), at_most(SENTENCE)]
    )

    def times(self) -> int:
        return {"0": 0, "1": 1, "2": 2}.get(self.ways.data or "", -1)


class WaitForm(MoveForm):
    reason = StringField(
        _l("Why it waits; the customer reads this"),
        filters=[cleaned],
        validators=[DataRequired(_l("Say why this waits.")), at_most(SENTENCE)],
    )


class OptionForm(MoveForm):
    option = StringField(
        _l("What is sent instead"),
        filters=[cleaned],
        validators=[DataRequired(_l("Say which one is sent.")), at_most(SENTENCE)],
    )


class FailForm(MoveForm):
    note = StringField(
        _l("What went wrong"),
        filters=[cleaned],
        validators=[DataRequired(_l("Say what went wrong.")), at_most(SENTENCE)],
    )


class AccountForm(MoveForm):
    account = StringField(_l("Bank account, where it is another one"), filters=[cleaned], validators=[at_most(200)])
