"""Facts about the rules as they load: what they hold, and what makes them refuse to load."""

import pytest

from sellerweb.carriers import CARRIERS
from sellerweb.carriers.rules import load


def test_every_carrier_has_its_names_and_a_safe_link():
    assert [*CARRIERS][:4] == ["cj", "hanjin", "lotte", "epost"]
    assert CARRIERS["lotte"].name("ko") == CARRIERS["lotte"].name("ko_KR") == "롯데택배"
    assert CARRIERS["lotte"].name("fr") == CARRIERS["lotte"].name() == "Lotte Global Logistics"
    assert str(CARRIERS["yamato"].spoken) == "Yamato Transport"


GOOD = """
[[carrier]]
id = "x"
names = { ko = "x", ja = "x", en = "x" }
aliases = []
country = "KR"
trackable = true
group = "4-4"
shape_level = "error"
confidence = "folk"
tracking_url = "https://x.example/{number}"
url_source = ""
codes = {}
[[carrier.format]]
name = "8"
pattern = '^\\d{8}$'
check = "mod7"
level = "error"
detect = "check"
verified = "0/0"
source = ""
"""


def test_rules_load():
    assert load(GOOD)["x"].group == (4, 4)


@pytest.mark.parametrize(
    ("right", "wrong"),
    [
        ('check = "mod7"', 'check = "mod8"'),
        ('check = "mod7"', 'check = "none"'),
        ('level = "error"\ndetect', 'level = "fatal"\ndetect'),
        ('detect = "check"', 'detect = "always"'),
        ("\\d{8}", "(\\d{8}"),
        ("\\d{8}", "(\\d{8})"),
        ('country = "KR"', 'country = "QQ"'),
        ("trackable = true", "trackable = false"),
        ("https://", "javascript:"),
        ("{number}", ""),
        ('group = "4-4"', 'group = "4-x"'),
        (', en = "x"', ""),
        ('source = ""\n', ""),
        ('id = "x"\n', 'id = "x"\ncolour = "red"\n'),
        ('detect = "check"', 'detect = "check"\nnum_strip = "00"'),
    ],
)
def test_rules_that_make_no_sense_do_not_load(right, wrong):
    broken = GOOD.replace(right, wrong)
    assert broken != GOOD
    with pytest.raises(ValueError, match=r"carriers\.toml, x"):
        load(broken)


def test_a_carrier_may_stand_only_once():
    with pytest.raises(ValueError, match="twice"):
        load(GOOD + GOOD)
