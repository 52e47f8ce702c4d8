"""Which carriers come first for an order's parcel: promised, usual, used of late. Draws nothing, decides nothing."""

from flask import current_app

from sellerweb import carriers
from sellerweb.shop import policy, queries, shipments
from sellerweb.shop.db import read

MOST = 5


def guess(whole: queries.Whole, number: str) -> carriers.Guess:
    """Whose number this may be."""
    return carriers.guess(
        number,
        country=_country(whole),
        usual=[c for c in (_listed(whole), usual(whole)) if c],
        recent=queries.recent_carriers(read()),
    )


def _listed(whole: queries.Whole) -> str:
    return next((x.carrier for x in whole.lines if x.carrier in carriers.CARRIERS), "")


def usual(whole: queries.Whole) -> str:
    """The carrier that the listing promises, else the channel's usual one."""
    if shipments.promised_hand(whole.open_lines or whole.lines):
        return "direct"
    return _listed(whole) or policy.of(read(), whole.order.channel).usual_carrier


def carriers_for(whole: queries.Whole, chosen: str) -> list[str]:
    """The few carriers that get a button of their own."""
    recent = queries.recent_carriers(read())
    if _country(whole) == "JP":  # a Japanese parcel goes with a Japanese carrier, whatever was used most of late
        recent = [c for c in recent if c in carriers.CARRIERS and carriers.CARRIERS[c].country == "JP"]
        first = [usual(whole), *recent, "sagawa", "yamato", "japanpost"]
    else:
        first = [usual(whole), *recent, "cj", "hanjin", "lotte", "epost"]
    near = list(dict.fromkeys(c for c in first if c in carriers.CARRIERS))[:MOST]
    return near if chosen in near or chosen not in carriers.CARRIERS else [chosen, *near[: MOST - 1]]


def _country(whole: queries.Whole) -> str:
    """Whose carriers come first: those of the country that the parcel is sent in."""
    return "JP" if whole.order.channel == "qoo10" and whole.order.country == "JP" else current_app.config["COUNTRY"]
