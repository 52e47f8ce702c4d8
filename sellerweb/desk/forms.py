"""The shapes of what staff type about orders. Truth is the shop's business: these only say what a field looks like."""

from typing import Any

from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from ulid import ULID
from wtforms import (
    BooleanField,
    DateField,
    FieldList,
    Form,
    FormField,
    HiddenField,
    IntegerField,
    RadioField,
    SelectMultipleField,
    StringField,
    TextAreaField,
)
from wtforms.validators import DataRequired, InputRequired, Length, NumberRange, Optional

from sellerweb.kit.photo_field import PhotosField
from sellerweb.kit.text import clean
from sellerweb.shop.messages import LONGEST
from sellerweb.shop.refused import Refused

# No column of ours holds more, and the database refuses to be asked for it.
_MOST = 2**31 - 1


def cleaned(text: str | None) -> str:
    return clean(text or "")


def key_of(text: str | None) -> int | None:
    """A number that we put into a hidden field ourselves; None where somebody else did."""
    text = text or ""
    return int(text) if text.isascii() and text.isdecimal() and len(text) < 18 else None


class DeskForm(FlaskForm):  # type: ignore[misc]
    """A form that shows what the shop refused at its field, or above all fields."""

    def refuse(self, no: Refused) -> None:
        if no.field in self:
            self[no.field].errors = [*self[no.field].errors, str(no.why)]
        else:
            self.form_errors.append(no.why)


class MoveForm(DeskForm):
    """What every form about an order carries: the version that it was drawn from and its own action id."""

    version = HiddenField(validators=[Optional()])
    action_id = HiddenField(validators=[Length(max=64)])

    def drawn(self) -> int | None:
        """The version that the page was drawn from; None where a script left it out."""
        if not self.version.data:
            return None
        version = key_of(self.version.data)
        return -1 if version is None or version > _MOST else version  # no version is of no page of ours: stale

    def fresh(self, version: int) -> "MoveForm":
        """The form for a new try: what was typed stays, the version and the action id are new."""
        self.version.data = str(version)
        self.action_id.data = str(ULID())
        self.version.raw_data = self.action_id.raw_data = None
        return self

    def typed(self) -> dict[str, Any]:
        """What was said, for telling a repeat of this action from another one under the same id."""
        return {name: value for name, value in self.data.items() if name not in ("csrf_token", "version", "action_id")}


class PiecesField(IntegerField):  # type: ignore[misc]
    """A count of pieces, in digits of any keyboard."""

    def process_formdata(self, valuelist: list[str]) -> None:
        typed = (valuelist[0] if valuelist else "").strip()
        if typed and not typed.isdecimal():
            self.data = None
            raise ValueError(_l("Type a whole number of pieces, 0 or more."))
        super().process_formdata([typed] if typed else [])


class PieceForm(Form):  # type: ignore[misc]
    line = HiddenField(validators=[InputRequired()])
    quantity = PiecesField(
        validators=[
            InputRequired(_l("Type how many pieces; 0 leaves the line out.")),
            NumberRange(0, 100_000, _l("Type a whole number of pieces, 0 or more.")),
        ]
    )


class PiecesForm(MoveForm):
    """How many pieces of which lines."""

    pieces = FieldList(FormField(PieceForm), max_entries=500)

    def quantities(self) -> dict[int, int]:
        return {key_of(p.line.data) or 0: p.quantity.data for p in self.pieces if p.quantity.data is not None}


def pieces_from(pieces: dict[int, int]) -> list[dict[str, Any]]:
    """What a form of pieces begins with: {line id: quantity}."""
    return [{"line": str(line), "quantity": quantity} for line, quantity in pieces.items()]


class LabelForm(MoveForm):
    """Carrier and number, typed or scanned."""

    carrier = RadioField(validate_choice=False, validators=[Optional()])
    more = StringField(validators=[Optional(), Length(max=60)])
    number = StringField(filters=[cleaned], validators=[Length(max=64, message=_l("That is too long for a number."))])
    same_parcel = BooleanField()
    sure = BooleanField()
    reason = StringField(filters=[cleaned], validators=[Length(max=400)])

    def chosen(self) -> str:
        """The carrier's id: of the buttons, or of the list beside them; "" leaves it to the number."""
        return str(self.more.data if self.carrier.data == "more" else self.carrier.data or "")


class ShipForm(LabelForm, PiecesForm):
    """Which pieces go, with whom, under which number; and `along`, orders for the same door as code:version."""

    along = SelectMultipleField(validate_choice=False)

    def neighbours(self) -> dict[str, int]:
        """The orders that go into the same parcel: {code: the version that the page showed}."""
        said = [cleaned(each).rpartition(":") for each in self.along.data or []]
        return {code: -1 if (seen := key_of(version)) is None else seen for code, _colon, version in said}


class CorrectForm(LabelForm):
    why = StringField(
        _l("Why the number changes"),
        filters=[cleaned],
        validators=[DataRequired(_l("Say why the number changes.")), Length(max=400)],
    )


class PromiseForm(MoveForm):
    day = DateField(_l("Day that it leaves"), validators=[InputRequired(_l("Choose the day that it leaves."))])


class HoldForm(MoveForm):
    reason = StringField(
        _l("Why it waits"),
        filters=[cleaned],
        validators=[DataRequired(_l("Say why this order waits.")), Length(max=400)],
    )


class DelayForm(MoveForm):
    reason = StringField(
        _l("Why it is late; the customer reads this"),
        filters=[cleaned],
        validators=[DataRequired(_l("Say why it is late.")), Length(max=400)],
    )
    offer = StringField(_l("What the shop offers for it"), filters=[cleaned], validators=[Length(max=400)])


class AnswerForm(MoveForm):
    words = TextAreaField(
        _l("Your answer"),
        filters=[cleaned],
        validators=[DataRequired(_l("Write something first.")), Length(max=LONGEST)],
    )
    photos = PhotosField(_l("Photos (optional)"))
    sure = BooleanField(_l("Send it all the same"))
    asks_if_sure = False


class ReaddressForm(MoveForm):
    receiver_name = StringField(
        _l("Receiver"), filters=[cleaned], validators=[DataRequired(_l("Type the name.")), Length(max=200)]
    )
    phone = StringField(_l("Phone"), filters=[cleaned], validators=[Length(max=40)])
    postcode = StringField(_l("Postcode"), filters=[cleaned], validators=[Length(max=20)])
    address = TextAreaField(
        _l("Address"), filters=[cleaned], validators=[DataRequired(_l("Type the address.")), Length(max=1000)]
    )


class PlainForm(MoveForm):
    """A move that asks nothing."""
