"""Whether a number may be a chosen carrier's: accept, ask or refuse, with a sentence. No guessing (guess.py).

Source: section 3 of the head comment of carriers.toml.
"""

from dataclasses import dataclass

from flask_babel import lazy_gettext as _l
from flask_babel.speaklater import LazyString

from sellerweb.carriers.guess import guess
from sellerweb.carriers.link import link
from sellerweb.carriers.number import reading
from sellerweb.carriers.rules import CARRIERS, Carrier
from sellerweb.carriers.shape import shape

FAULTS = {
    "empty": _l("Enter the tracking number."),
    "several": _l("This holds several numbers. Enter one for each parcel."),
    "spreadsheet": _l("A spreadsheet damaged this number. Scan the label instead."),
    "memo": _l("This is not a number. Only digits and letters can be saved."),
    "placeholder": _l("One digit over and over is not a real number."),
}


@dataclass(frozen=True, slots=True)
class Checked:
    """The verdict. `outcome` is `accept`, `warn` (staff confirm, logged) or `reject`.

    `number` is what to store, only the tracking part of a label; of a refused one, what was read.
    `why` is a lazy sentence, "" for accept; nothing typed stands in it. `link` is "" for reject.
    `code` says the reason to programs: "" for accept, a key of FAULTS, or `carrier`, `untracked`, `shape`,
    `digit`, `rare`. `official`: not even an owner may save it, for the rule is the carrier's own, or it is no
    number at all.
    """

    outcome: str
    number: str
    why: LazyString | str = ""
    link: str = ""
    official: bool = False
    code: str = ""


def check(carrier_id: str, number: str) -> Checked:
    """The verdict about `number` for the carrier with this id. Never raises: unknown carriers are refused."""
    text, fault = reading(number)
    carrier = CARRIERS.get(carrier_id)
    if carrier is None:
        return Checked("reject", text, _l("Choose a carrier from the list."), official=True, code="carrier")
    if not carrier.trackable:
        if fault == "empty":
            return Checked("accept", "", official=True)
        why = _l("%(carrier)s takes no tracking number.", carrier=carrier.spoken)
        return Checked("reject", text, why, official=True, code="untracked")
    if fault:
        return Checked("reject", text, FAULTS[fault], official=True, code=fault)
    return _verdict(carrier, text)


def _verdict(carrier: Carrier, text: str) -> Checked:
    matching = [(form, part) for form in carrier.formats if (part := form.part(text))]
    agreeing = [(form, part) for form, part in matching if form.agrees(part)]
    everyday = [part for form, part in agreeing if not form.confirm]
    if everyday:
        return _answer(carrier, "accept", everyday[0])
    if agreeing:
        why = _l("Such a number is rare at %(carrier)s. Is it right?", carrier=carrier.spoken)
        return _answer(carrier, "warn", agreeing[0][1], why, "rare")
    if matching:
        why = _hinted(_l("The last digit does not fit. Scan it again."), carrier, text)
        asking = [part for form, part in matching if form.level == "warning"]
        return _answer(carrier, "warn" if asking else "reject", asking[0] if asking else text, why, "digit")
    why = _hinted(_wrong_shape(carrier, text), carrier, text)
    return _answer(carrier, "reject" if carrier.shape_level == "error" else "warn", text, why, "shape")


def _answer(carrier: Carrier, outcome: str, number: str, why: LazyString | str = "", code: str = "") -> Checked:
    address = "" if outcome == "reject" else link(carrier.id, number)
    return Checked(outcome, number, why, address, carrier.confidence == "official", code)


def _wrong_shape(carrier: Carrier, text: str) -> LazyString:
    expected, count = shape(carrier), sum(sign.isdigit() for sign in text)
    if not expected:
        return _l("A number of %(carrier)s looks different.", carrier=carrier.spoken)
    if text.isdigit():
        return _l("It should be %(shape)s: this has %(count)s digits.", shape=expected, count=count)
    return _l("It should be %(shape)s: this has %(count)s digits and letters.", shape=expected, count=count)


def _hinted(why: LazyString, carrier: Carrier, text: str) -> LazyString:
    """`why`, and whose number it looks like: carriers of the same country, or one whose shape is unique."""
    others = [
        CARRIERS[candidate.carrier].spoken
        for candidate in guess(text, carrier.country).candidates
        if candidate.carrier != carrier.id
        and (
            candidate.strength == "sure"
            or (candidate.strength == "check" and CARRIERS[candidate.carrier].country == carrier.country)
        )
    ]
    if not others:
        return why
    names = LazyString(lambda: ", ".join(map(str, others)))
    return _l("%(why)s It looks like a number of %(carriers)s.", why=why, carriers=names)
