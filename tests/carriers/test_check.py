"""Facts about the verdict on a chosen carrier's number, its sentence, its link and its digit groups."""

import csv
from pathlib import Path

import pytest
from flask_babel.speaklater import LazyString
from hypothesis import given
from hypothesis import strategies as st

from sellerweb.carriers import CARRIERS, check, display, link, normalise

NUMBERS = Path(__file__).parents[1] / "data" / "tracking_numbers.tsv"
CJ = "622344515213"


def rows():
    with NUMBERS.open(encoding="utf-8") as file:
        lines = (line for line in file if not line.startswith("#"))
        return list(csv.DictReader(lines, delimiter="\t", quoting=csv.QUOTE_NONE))


@pytest.mark.parametrize("row", [pytest.param(row, id=f"{row['carrier']}-{row['number']}") for row in rows()])
def test_check_decides_every_known_number(row):
    checked = check(row["carrier"], row["number"])
    assert checked.outcome == row["expect"], row["why"]
    assert bool(checked.why) == (row["expect"] != "accept")


@pytest.mark.parametrize(
    ("carrier", "scanned", "stored"),
    [
        ("usps", "420193809261290336128704280838", "9261290336128704280838"),
        ("usps", "4209215512349505500020714300000128", "9505500020714300000128"),
        ("fedex", "1001901781990001000300617767839437", "617767839437"),
        ("fedex", "9611020987654312345672", "987654312345672"),
        ("cj", "a" + CJ + "a", CJ),
        ("epost_ems", "em 123 456 785 kr", "EM123456785KR"),
    ],
)
def test_check_stores_only_the_tracking_part(carrier, scanned, stored):
    checked = check(carrier, scanned)
    assert (checked.outcome, checked.number) == ("accept", stored)
    assert stored in checked.link
    assert check(carrier, stored).outcome == "accept"


def test_check_refuses_a_placeholder_inside_a_label():
    assert check("fedex", "DT000000000000").outcome == "reject"
    assert check("fedex", "9611020000000000000000").outcome == "reject"


def test_link_holds_the_mended_number():
    assert link("kyungdong", "3102273-430319").endswith("barcode=3102273430319")
    assert link("cj", CJ) == check("cj", CJ).link


def test_link_is_empty_where_there_is_no_page():
    assert link("other", "ABCD1234") == link("direct", "1") == link("nobody", CJ) == ""
    assert link("cj", "") == link("cj", "오전10시상차") == link("cj", "1&2") == ""


def test_display_groups_by_the_carriers_habit():
    assert display("cj", CJ) == "6223-4451-5213"
    assert display("epost", "6890173776586") == "68901-7377-6586"
    assert display("epost_ems", "EM123456785KR") == "EM-123-456-785-KR"
    assert display("japanpost", "13112383852") == "13112383852"
    assert display("kyungdong", "3102273430319") == "3102273430319"
    assert display("nobody", " 12-34") == "1234"
    assert normalise(display("cj", CJ)) == CJ


@pytest.mark.parametrize(
    ("carrier", "number", "why"),
    [
        ("cj", "62234445213", "It should be 10/12 digits: this has 11 digits."),
        ("hanjin", "62234445213", "It should be 12 digits: this has 11 digits."),
        ("epost", "607711189574", "It should be 13 digits: this has 12 digits."),
        ("s10", "EM12345678KR", "It should be a number like RB123456785SG: this has 8 digits and letters."),
        ("sf_express", "1234", "It should be a number starting with SF: this has 4 digits."),
        ("chunil", "1234", "It should be 9-13 digits: this has 4 digits."),
        ("cj", "622344515293", "The last digit does not fit. Scan it again."),
        ("fedex", "5096672442", "Such a number is rare at FedEx. Is it right?"),
        ("cj", "", "Enter the tracking number."),
        ("cj", f"{CJ}, 632675005115", "This holds several numbers. Enter one for each parcel."),
        ("cj", f"{CJ}.0", "A spreadsheet damaged this number. Scan the label instead."),
        ("cj", "오전10시상차", "This is not a number. Only digits and letters can be saved."),
        ("cj", "000000000000", "One digit over and over is not a real number."),
        ("direct", CJ, "Hand delivery / pick-up takes no tracking number."),
        ("nobody", CJ, "Choose a carrier from the list."),
        ("", CJ, "Choose a carrier from the list."),
    ],
)
def test_check_says_why(carrier, number, why):
    assert str(check(carrier, number).why) == why


def test_check_says_whose_number_it_looks_like():
    why = str(check("cj", "6865109394355").why)
    assert why.endswith("It looks like a number of Korea Post parcel / registered mail.")
    why = str(check("cj", "530727039920").why)
    assert why.endswith("It looks like a number of Hanjin Express, Lotte Global Logistics.")


def test_check_gives_no_hint_from_a_check_digit_of_abroad():
    assert str(check("epost", "225302998793").why).count("looks like") == 1
    assert "Yamato" not in str(check("epost", "225302998793").why)


def test_check_translates_when_read_and_repeats_nothing_typed():
    """A page shows a lazy text unescaped, so what was typed must not stand in it."""
    for carrier in CARRIERS:
        why = check(carrier, "<b>1").why
        assert isinstance(why, LazyString)
        assert "<" not in str(why)


def test_a_shop_owner_may_not_overrule_an_official_rule_nor_save_what_is_no_number():
    assert check("lotte", "236308075790").official
    assert check("yamato", "099723953466").official
    assert not check("cj", "622344515293").official
    assert not check("logen", "33816634302").official
    assert check("cj", "오전10시상차").official
    assert check("cj", f"{CJ}.0").official
    assert check("nobody", CJ).official


def test_an_untracked_carrier_takes_no_number():
    for carrier in (carrier for carrier in CARRIERS.values() if not carrier.trackable):
        assert check(carrier.id, " ").outcome == "accept"
        assert check(carrier.id, CJ).outcome == "reject"
        assert check(carrier.id, "메모").outcome == "reject"


def test_an_unknown_country_is_no_international_number():
    assert check("s10", "LP257594783SG").outcome == "accept"
    assert check("s10", "VR344217874YP").outcome == "accept"
    assert check("s10", "LP257594783QQ").outcome == "reject"
    assert check("yanwen", "LP257594783QQ").outcome == "warn"


ANY_NUMBER = st.text() | st.from_regex(r"[A-Z]{0,3}[0-9]{0,34}[A-Z]{0,2}", fullmatch=True)


@given(st.sampled_from([*CARRIERS, "nobody", ""]), ANY_NUMBER)
def test_check_never_raises_and_answers_well(carrier, text):
    checked = check(carrier, text)
    assert checked.outcome in ("accept", "warn", "reject")
    assert bool(str(checked.why)) == bool(checked.code) == (checked.outcome != "accept")
    if checked.outcome == "reject":
        assert checked.link == ""
    else:
        assert checked.number.isascii()
        assert check(carrier, checked.number).outcome != "reject"
        assert bool(checked.link) == bool(CARRIERS[carrier].tracking_url)


@given(st.sampled_from([carrier for carrier in CARRIERS.values() if carrier.formats]), st.data())
def test_check_never_raises_on_numbers_of_the_right_shape(carrier, data):
    form = data.draw(st.sampled_from(carrier.formats))
    check(carrier.id, data.draw(st.from_regex(form.pattern, fullmatch=True)))
