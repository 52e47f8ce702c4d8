"""The shape of an order that staff type in: people, address, lines, money. Truth is the shop's business."""

import re
import unicodedata
from typing import Any

from email_validator import EmailNotValidError, validate_email
from flask_babel import get_locale
from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from ulid import ULID
from wtforms import (
    BooleanField,
    Field,
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
from wtforms.validators import DataRequired, InputRequired, Length, ValidationError

from sellerweb.channels.cells import MAX_AMOUNT
from sellerweb.kit import words
from sellerweb.kit.text import clean
from sellerweb.shop.policy_rules import CURRENCIES

MOST_LINES = 100
TOO_MUCH = _l("That is more than any shop asks. Look at the zeros.")
# Whom a small shop sends to; their names are Babel's.
COUNTRIES = ("KR", "JP", "US", "CN", "TW", "HK", "SG", "TH", "VN", "CA", "AU", "GB", "DE", "FR")
# How long a postcode is where we know.
POSTCODE_DIGITS = {"KR": 5, "JP": 7}


def _typed(text: str | None) -> str:
    return clean(text or "")


def _plain(text: str | None) -> str:
    """With the letters and digits of any keyboard made plain."""
    return unicodedata.normalize("NFKC", clean(text or ""))


def at_most(most: int) -> Length:
    return Length(max=most, message=_l("That is too long: %(n)s characters at most.", n=most))


class LineForm(Form):  # type: ignore[misc]
    """One line. `sku` is set once the product is known; price is of one piece."""

    sku = HiddenField(filters=[_typed], validators=[Length(max=120)])
    name = StringField(_l("Product: name or SKU"), filters=[_typed], validators=[at_most(300)])
    option = StringField(_l("Option"), filters=[_typed], validators=[at_most(1000)])
    quantity = StringField(_l("Quantity"), filters=[_plain], default="1")
    price = StringField(_l("Price of one"), filters=[_plain])

    @property
    def is_empty(self) -> bool:
        return not (self.name.data or self.option.data or self.price.data)

    @property
    def pieces(self) -> int | None:
        typed = self.quantity.data or ""
        return int(typed) if re.fullmatch(r"[0-9]{1,5}", typed) and int(typed) else None


class NewOrderForm(FlaskForm):  # type: ignore[misc]
    action_id = HiddenField(validators=[Length(max=64)])
    proposed = HiddenField()
    order_no = StringField(
        _l("Order number"),
        filters=[_plain],
        validators=[DataRequired(_l("Type a number for this order.")), at_most(60)],
    )
    payment = RadioField(
        _l("Payment"),
        choices=[SelectChoice("paid", _l("Paid already")), SelectChoice("waiting", _l("Waits for a bank transfer"))],
        validators=[InputRequired(_l("Say whether it is paid."))],
    )
    is_test = BooleanField(_l("Test order"))

    buyer_name = StringField(
        _l("Buyer"), filters=[_typed], validators=[DataRequired(_l("Type the name.")), at_most(200)]
    )
    buyer_phone = StringField(_l("Buyer's phone"), filters=[_plain], validators=[at_most(40)])
    buyer_email = StringField(_l("Buyer's e-mail"), filters=[_plain], validators=[at_most(254)])

    how = RadioField(
        _l("How it gets there"),
        choices=[
            SelectChoice("parcel", _l("Parcel")),
            SelectChoice("pickup", _l("Picked up")),
            SelectChoice("direct", _l("Brought by hand")),
        ],
        default="parcel",
    )
    receiver_name = StringField(_l("Receiver"), filters=[_typed], validators=[at_most(200)])
    phone = StringField(_l("Receiver's phone"), filters=[_plain], validators=[at_most(40)])
    country = SelectField(_l("Country"))
    postcode = StringField(_l("Postcode"), filters=[_plain], validators=[at_most(20)])
    address = TextAreaField(_l("Address"), filters=[_typed], validators=[at_most(1000)])

    currency = SelectField(_l("Currency"), choices=[SelectChoice(c, c) for c in CURRENCIES])
    lines = FieldList(FormField(LineForm), min_entries=1, max_entries=MOST_LINES)
    shipping_fee = StringField(_l("Shipping fee"), filters=[_plain])

    message = TextAreaField(_l("Memo for the parcel"), filters=[_typed], validators=[at_most(2000)])
    gift_note = TextAreaField(_l("Gift note"), filters=[_typed], validators=[at_most(2000)])

    def __init__(self, *args: Any, **more: Any) -> None:
        super().__init__(*args, **more)
        names = get_locale().territories
        self.country.choices = [SelectChoice(code, names[code]) for code in COUNTRIES]

    def fresh(self) -> "NewOrderForm":
        """The form for a new try: what was typed stays, the action id is new."""
        self.action_id.data, self.action_id.raw_data = str(ULID()), None
        return self

    def typed(self) -> dict[str, Any]:
        """What was said, for telling a repeat of this action from another one under the same id."""
        return {name: value for name, value in self.data.items() if name not in ("csrf_token", "action_id")}

    @property
    def filled(self) -> list[LineForm]:
        """The lines on which something stands."""
        return [entry.form for entry in self.lines if not entry.form.is_empty]

    def put_lines(self, lines: list[dict[str, Any]]) -> None:
        """Other lines in the place of those that were sent; nothing else is touched."""
        while self.lines.entries:
            self.lines.pop_entry()
        for line in lines:
            self.lines.append_entry(line)

    def minor(self, field: Field) -> int | None:
        """An amount in minor units of the order's currency; None where it is none."""
        return words.minor_units(field.data or "", self.currency.data or "")

    def validate_buyer_phone(self, field: Field) -> None:
        if field.data and not 7 <= sum(c.isdigit() for c in field.data) <= 15:
            raise ValidationError(_l("Type the whole phone number, or leave it empty."))

    def validate_buyer_email(self, field: Field) -> None:
        if not field.data:
            return
        try:
            validate_email(field.data, check_deliverability=False)
        except EmailNotValidError:
            raise ValidationError(_l("This is no e-mail address. Look at it again, or leave it empty.")) from None

    def validate_phone(self, field: Field) -> None:
        self.validate_buyer_phone(field)
        if self.how.data == "parcel" and not (field.data or self.buyer_phone.data):
            raise ValidationError(_l("A carrier needs a phone number: the receiver's or the buyer's."))

    def validate_postcode(self, field: Field) -> None:
        digits = POSTCODE_DIGITS.get(self.country.data)
        if digits is None or not (field.data or self.how.data == "parcel"):
            return
        typed = re.sub(r"[\s\-‐-―−〒]", "", field.data or "")
        if re.fullmatch(rf"[0-9]{{{digits}}}", typed):
            field.data = typed
        elif digits == 5:
            raise ValidationError(_l("A Korean postcode has five digits, for example 06236."))
        else:
            raise ValidationError(_l("A Japanese postcode has seven digits, for example 154-0004."))

    def validate_address(self, field: Field) -> None:
        if self.how.data == "parcel" and not field.data:
            raise ValidationError(_l("Type the address, or choose that nothing is sent."))

    def validate_shipping_fee(self, field: Field) -> None:
        if field.data and self.minor(field) is None:
            raise ValidationError(_l("Type an amount, for example 3000; dollars with cents as 15.00."))
        if (self.minor(field) or 0) > MAX_AMOUNT:
            raise ValidationError(TOO_MUCH)

    def validate_lines(self, field: Field) -> None:
        """Each line at its own fields; one that is empty is left out."""
        if not self.filled:
            self.lines[0].form.name.errors = [_l("Type what was ordered.")]
        for line in self.filled:
            if not line.name.data:
                line.name.errors = [*line.name.errors, _l("Type what was ordered.")]
            if line.pieces is None:
                line.quantity.errors = [_l("Type a whole number of pieces, 1 or more.")]
            price = self.minor(line.price)
            if price is None:
                line.price.errors = [_l("Type the price of one piece; 0 for a gift.")]
            elif price * (line.pieces or 0) > MAX_AMOUNT:
                line.price.errors = [TOO_MUCH]
        if any(f.errors for line in self.lines for f in line.form):
            raise ValidationError(_l("Look at the lines again."))
