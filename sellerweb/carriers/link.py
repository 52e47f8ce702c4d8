"""A number as people see it: the carrier's page for it, its digits in groups. Not whether it is right."""

from itertools import accumulate, pairwise
from urllib.parse import quote

from sellerweb.carriers.number import PLAIN, normalise
from sellerweb.carriers.rules import CARRIERS


def link(carrier_id: str, number: str) -> str:
    """The address of the carrier's tracking page; "" for an unknown carrier, no page, or no number."""
    carrier = CARRIERS.get(carrier_id)
    plain = normalise(number)
    # Letters and digits only: at least one carrier's page evaluates a hyphen as a minus.
    if carrier is None or not PLAIN.fullmatch(plain):
        return ""
    return carrier.tracking_url.replace("{number}", quote(plain, safe=""))


def display(carrier_id: str, number: str) -> str:
    """The number in the carrier's groups, "6329-7661-5493"; as it stands where its length is another."""
    carrier = CARRIERS.get(carrier_id)
    plain = normalise(number)
    if carrier is None or len(plain) != sum(carrier.group):
        return plain
    return "-".join(plain[start:end] for start, end in pairwise(accumulate(carrier.group, initial=0)))
