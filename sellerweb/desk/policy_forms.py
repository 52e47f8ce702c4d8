"""The shapes of what an owner types about a channel's rules: a form for each kind of rule. Bounds are the shop's business."""

import re
import unicodedata
from typing import Any

from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import Field, HiddenField, SelectChoice, SelectField, StringField
from wtforms.validators import ValidationError

from sellerweb import carriers
from sellerweb.desk.policy_words import CALENDAR, NAME, SWITCH, unit
from sellerweb.kit import words
from sellerweb.kit.text import clean
from sellerweb.shop.policy_rules import CURRENCIES, Rule
from sellerweb.shop.refused import Refused


def _plain(text: str | None) -> str:
    """With the digits and the colon of any keyboard made plain."""
    return unicodedata.normalize("NFKC", clean(text or ""))


class RuleForm(FlaskForm):  # type: ignore[misc]
    """What every kind has: `seen`, the rules that its page was drawn from."""

    seen = HiddenField()

    @property
    def fields(self) -> list[Field]:
        """What is asked, without the hidden ones."""
        return [field for field in self if not isinstance(field, HiddenField)]

    def typed(self) -> Any:
        """What was typed, as the shop keeps it."""
        return self.value.data

    def validate(self, extra_validators: Any = None) -> bool:
        """Beside the shape: every field came, and came once. What is left out of a request is no wish to empty it."""
        good = super().validate(extra_validators)
        for field in self.fields:
            if len(field.raw_data or ()) != 1:
                field.errors = [*field.errors, _l("Say it here once. Nothing was saved.")]
                good = False
        return bool(good)

    def refuse(self, no: Refused) -> None:
        field = self[no.field]
        field.errors = [*field.errors, str(no.why)]


class CountForm(RuleForm):
    value = StringField(filters=[_plain])

    def validate_value(self, field: Field) -> None:
        if field.data and not re.fullmatch(r"[0-9]{1,6}", field.data):
            raise ValidationError(_l("Type a whole number, without a unit."))

    def typed(self) -> int | None:
        return int(self.value.data) if self.value.data else None


class ClockForm(RuleForm):
    value = StringField(filters=[_plain])

    def typed(self) -> str:
        """900, 9:00 and 09:00 are one hour; what is none stays as it is, for the shop to refuse."""
        found = re.fullmatch(r"([0-9]{1,2}):?([0-9]{2})", self.value.data)
        return f"{int(found[1]):02}:{found[2]}" if found else self.value.data


class CalendarForm(RuleForm):
    value = SelectField(choices=[SelectChoice(*each) for each in CALENDAR.items()], validate_choice=False)


class CarrierForm(RuleForm):
    value = SelectField(validate_choice=False)

    def __init__(self, *args: Any, **more: Any) -> None:
        super().__init__(*args, **more)
        followed = [SelectChoice(c.id, c.spoken) for c in carriers.CARRIERS.values() if c.trackable]
        self.value.choices = [SelectChoice("", _l("no carrier")), *followed]

    def typed(self) -> str:
        return self.value.data or ""


class SwitchForm(RuleForm):
    value = SelectField(validate_choice=False)

    def typed(self) -> bool | str:
        said = self.value.data or ""
        return said == "True" if said in ("True", "False") else said


class MoneyForm(RuleForm):
    """One field a currency; empty: none is set."""

    KRW = StringField("KRW", filters=[_plain])
    JPY = StringField("JPY", filters=[_plain])
    USD = StringField("USD", filters=[_plain])

    def _check(self, field: Field) -> None:
        if field.data and words.minor_units(field.data, field.short_name) is None:
            raise ValidationError(_l("Type an amount, for example 3000; dollars with cents as 15.00."))

    validate_KRW = validate_JPY = validate_USD = _check

    def typed(self) -> dict[str, int]:
        sums = {currency: words.minor_units(self[currency].data, currency) for currency in CURRENCIES}
        return {currency: minor for currency, minor in sums.items() if minor is not None}


_FORMS: dict[str, type[RuleForm]] = {
    "count": CountForm,
    "clock": ClockForm,
    "calendar": CalendarForm,
    "carrier": CarrierForm,
    "switch": SwitchForm,
    "money": MoneyForm,
}


def asking(rule: Rule, kept: Any, seen: str) -> RuleForm:
    """The form of a rule, with what is kept."""
    if rule.kind == "money":
        shown = {currency: words.amount(minor, currency) for currency, minor in kept.items()}
    else:
        shown = {"value": "" if kept is None else str(kept)}
    return _named(rule, _FORMS[rule.kind](formdata=None, seen=seen, **shown))


def sent(rule: Rule) -> RuleForm:
    """The form of a rule, with what was typed."""
    return _named(rule, _FORMS[rule.kind]())


def _named(rule: Rule, form: RuleForm) -> RuleForm:
    if rule.kind == "switch":
        form.value.choices = [SelectChoice(str(on), word) for on, word in SWITCH[rule.name].items()]
    if rule.kind != "money":
        form.value.label.text = f"{NAME[rule.name]}, {unit(rule)}" if unit(rule) else NAME[rule.name]
    return form
