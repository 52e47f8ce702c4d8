"""The shapes of what customers type. Truth is the shop's business: these only say what a field looks like."""

import re
import unicodedata
from typing import Any

from flask import request
from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from ulid import ULID
from wtforms import Field, HiddenField, RadioField, SelectChoice, StringField, TextAreaField
from wtforms.validators import DataRequired, InputRequired, Length, ValidationError

from sellerweb.kit.photo_field import PhotosField
from sellerweb.kit.photos import Photo
from sellerweb.kit.text import clean
from sellerweb.shop.fees import Quote
from sellerweb.shop.messages import LONGEST
from sellerweb.shop.refused import Refused

NOTE, OPTION = 1000, 200


def _typed(text: str | None) -> str:
    return clean(text or "")


def _line(text: str | None) -> str:
    """What has one line on the page, and has one on a slip and in a carrier's file too."""
    return " ".join(_typed(text).split())


def _plain(text: str | None) -> str:
    """A line with the letters and digits of any keyboard made plain."""
    return _line(unicodedata.normalize("NFKC", text or ""))


def _whole(text: str | None) -> int:
    """A number that we put into a hidden field ourselves; -1 where somebody else did."""
    text = text or ""
    return int(text) if text.isascii() and text.isdecimal() and len(text) < 18 else -1


def at_most(most: int) -> Length:
    return Length(max=most, message=_l("That is too long: %(n)s characters at most. Nothing was sent.", n=most))


class CustomerForm(FlaskForm):  # type: ignore[misc]
    """A form that shows what the shop refused at its field."""

    @property
    def too_old(self) -> bool:
        """The token was of a browser's session that is over."""
        return bool(self.csrf_token.errors)

    def refuse(self, field: str, why: Any) -> None:
        self[field].errors = [*self[field].errors, str(why)]


class MoveForm(CustomerForm):
    """What every form about an order carries: the version that it was drawn from and its own action id."""

    version = HiddenField()
    action_id = HiddenField(validators=[Length(max=64)])

    @property
    def pictures(self) -> tuple[Photo, ...]:
        """The photos that came with it, cleaned; none where the form has no field for them."""
        return self.photos.photos if "photos" in self else ()

    def drawn(self) -> int:
        return _whole(self.version.data)

    def fresh(self, version: int) -> "MoveForm":
        """The form for a new try: what was typed stays, the version and the action id are new."""
        self.version.data = str(version)
        self.action_id.data = str(ULID())
        self.version.raw_data = self.action_id.raw_data = None
        if "photos" in self:
            self.photos.remind()
        return self

    def typed(self) -> dict[str, Any]:
        """What was said, for telling a repeat of this action from another one under the same id."""
        return {**self.data, "csrf_token": None, "version": None, "action_id": None}


class WishForm(MoveForm):
    """Undoing pieces: which ones, why, and the figures that stood on the page when it was sent."""

    quantity = HiddenField()
    reason = RadioField(
        _l("Please tell us why"),
        validate_choice=False,
        validators=[InputRequired(_l("Choose a reason."))],
    )
    note = TextAreaField(_l("In your own words (optional)"), filters=[_typed], validators=[at_most(NOTE)])
    how = HiddenField()
    sums = HiddenField()
    bank = StringField(_l("Bank"), filters=[_plain], validators=[at_most(40)])
    account = StringField(_l("Account number"), filters=[_plain], validators=[at_most(40)])
    holder = StringField(_l("Account holder"), filters=[_line], validators=[at_most(60)])

    def check_sums(self, quote: Quote) -> None:
        """Refuse where the page showed other figures than these, or none yet: nobody agrees to what they have not seen."""
        if not self.sums.data:
            raise Refused(_l("Please look at the sums below, then send it."), "sums")
        if self.sums.data != sums(quote):
            raise Refused(_l("The sum has changed since you chose. Please look at it and send it again."), "sums")

    def typed(self) -> dict[str, Any]:
        about = {
            name: values for name, values in request.form.lists() if name == "line" or name.startswith("quantity-")
        }
        return {**super().typed(), **about}

    def validate_account(self, field: Field) -> None:
        """All of an account or nothing of it; the number is brought to digits."""
        if not any((self.bank.data, field.data, self.holder.data)):
            return
        digits = re.sub(r"[\s\-‐-―−ー.]", "", field.data or "")
        if not re.fullmatch(r"[0-9]{7,16}", digits):
            raise ValidationError(
                _l("An account number has 7 to 16 digits. Leave all three fields empty to tell us later.")
            )
        if not self.bank.data or not self.holder.data:
            raise ValidationError(
                _l("Bank, number and holder belong together. Leave all three empty to tell us later.")
            )
        field.data = digits

    def whole_account(self) -> str:
        """The account in one line, for the person who sends the money; "" where none was given."""
        return " ".join((self.bank.data, self.account.data, self.holder.data)) if self.account.data else ""


def sums(quote: Quote) -> str:
    """The figures of a quote as its form carries them."""
    return f"{quote.refund}-{quote.fee}"


class BackForm(WishForm):
    """Sending back, exchanging, or having never received: also what is wanted instead."""

    option = StringField(_l("What would you like instead?"), filters=[_line], validators=[at_most(OPTION)])
    wants = RadioField(
        _l("What shall we do?"),
        choices=[
            SelectChoice("resend", _l("I would like it sent again")),
            SelectChoice("refund", _l("I would like my money back")),
        ],
        default="resend",
        validate_choice=False,
    )
    photos = PhotosField(_l("Photos (optional)"))


class ReaddressForm(MoveForm):
    """A new address, typed anew: the old one is never shown in full. Name and phone stay where left empty."""

    receiver_name = StringField(_l("Receiver's name"), filters=[_line], validators=[at_most(100)])
    phone = StringField(_l("Receiver's phone"), filters=[_plain], validators=[at_most(40)])
    postcode = StringField(_l("Postal code"), filters=[_plain], validators=[at_most(20)])
    address = TextAreaField(
        _l("New address"), filters=[_typed], validators=[DataRequired(_l("Type the new address.")), at_most(500)]
    )

    country = ""

    def of(self, country: str) -> "ReaddressForm":
        """The form for an order of this country: it knows what a postal code looks like there."""
        self.country = country
        return self

    def validate_postcode(self, field: Field) -> None:
        digits = re.sub(r"[\s\-‐-―−ー〒]", "", field.data or "")
        if self.country == "KR":
            if not re.fullmatch(r"[0-9]{5}", digits):
                raise ValidationError(_l("A Korean postal code has five digits, for example 06236."))
            field.data = digits
        elif self.country == "JP":
            if not re.fullmatch(r"[0-9]{7}", digits):
                raise ValidationError(_l("A Japanese postal code has seven digits, for example 154-0004."))
            field.data = f"{digits[:3]}-{digits[3:]}"

    def validate_phone(self, field: Field) -> None:
        digits = len(re.findall(r"[0-9]", field.data or ""))
        if field.data and not 7 <= digits <= 15:
            raise ValidationError(_l("Type the whole phone number, or leave it empty to keep the one we have."))

    def values(self) -> dict[str, str]:
        """What changes: {field of the order: text}."""
        fields = ("receiver_name", "phone", "postcode", "address")
        return {name: self[name].data for name in fields if self[name].data}


class AskForm(MoveForm):
    words = TextAreaField(
        _l("Your message"),
        filters=[_typed],
        validators=[DataRequired(_l("Write something first.")), at_most(LONGEST)],
    )
    photos = PhotosField(_l("Photos (optional)"))


class WithdrawForm(MoveForm):
    claim = HiddenField()

    def named(self) -> int:
        """The claim's id; 0 is none."""
        return max(0, _whole(self.claim.data))


class LookUpForm(CustomerForm):
    number = StringField(
        _l("Order number"), filters=[_plain], validators=[DataRequired(_l("Type the order number.")), at_most(64)]
    )
    phone = StringField(
        _l("Phone number"), filters=[_plain], validators=[DataRequired(_l("Type the phone number.")), at_most(40)]
    )
