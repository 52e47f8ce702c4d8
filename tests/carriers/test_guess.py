"""Facts about guessing the carrier of a number, and about finding one by a word."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sellerweb.carriers import CARRIERS, Candidate, find, guess
from sellerweb.carriers.guess import STRENGTHS

HANJIN_AND_LOTTE = "530727039920"
CJ_ALONE = "680405450931"


def ids(number, *args, **kwargs):
    return [candidate.carrier for candidate in guess(number, *args, **kwargs).candidates]


def test_guess_preselects_the_only_strong_candidate_and_still_lists_the_weak():
    found = guess(CJ_ALONE)
    assert found.candidates == [Candidate("cj", "check"), Candidate("cu_post", "weak")]
    assert found.preselect == "cj"


def test_guess_preselects_nothing_where_carriers_share_a_shape():
    found = guess(HANJIN_AND_LOTTE)
    assert [candidate.carrier for candidate in found.candidates] == ["hanjin", "lotte", "gs_postbox"]
    assert found.preselect is None


def test_guess_never_preselects_a_weak_candidate():
    found = guess("123456789")
    assert found.candidates == [Candidate("ilyang", "weak")]
    assert found.preselect is None


def test_guess_preselects_korea_post_for_13_digits_from_6_to_8():
    assert guess("6865109394355").preselect == "epost"
    assert guess("2865109394355").preselect is None


def test_guess_looks_at_the_own_country_first():
    assert ids("271012047736", "JP") == ["japanpost", "sagawa", "yamato"]
    assert not {"japanpost", "sagawa", "yamato"} & set(ids("271012047736", "KR"))
    assert ids("271012047736", "jp") == ids("271012047736", "JP")


def test_guess_looks_abroad_when_nothing_is_left():
    assert guess("EG725089303JP").preselect == "japanpost_ems"
    assert guess("9405510200828480912387", "KR").preselect == "usps"


def test_guess_prefers_the_national_post_to_the_generic_s10():
    assert ids("EM123456785KR") == ["epost_ems"]
    assert ids("EG725089303JP", "JP") == ["japanpost_ems"]
    assert ids("VR344217874YP") == ["yanwen"]
    assert ids("LP257594783SG") == ["s10"]
    assert ids("LP257594783QQ") == []


def test_guess_puts_usual_then_recent_carriers_first():
    assert ids(HANJIN_AND_LOTTE, recent=["lotte"]) == ["lotte", "hanjin", "gs_postbox"]
    both = ids(HANJIN_AND_LOTTE, usual=["gs_postbox"], recent=["cj", "lotte"])
    assert both == ["gs_postbox", "lotte", "hanjin"]
    assert guess(HANJIN_AND_LOTTE, usual=["lotte"]).preselect is None


def test_guess_wants_the_check_digit_of_every_candidate():
    assert ids("632976615494") == []
    assert ids("EM123456784KR") == []
    assert ids("1Z999AA10123456785") == []
    assert ids("1Z999AA10123456784") == ["ups"]


@pytest.mark.parametrize("text", ["", "오전10시상차", "000000000000", "6.33E+11", f"{CJ_ALONE},{HANJIN_AND_LOTTE}"])
def test_guess_has_no_idea_about_what_is_no_number(text):
    assert guess(text).candidates == []
    assert guess(text).preselect is None


@given(
    st.text() | st.from_regex(r"[A-Z]{0,3}[0-9]{6,34}[A-Z]{0,2}", fullmatch=True),
    st.sampled_from(["KR", "JP", "US", "INT", "", "한국"]),
    st.lists(st.sampled_from([*CARRIERS, "nobody"])),
    st.lists(st.sampled_from([*CARRIERS, "nobody"])),
)
def test_guess_never_raises_and_answers_well(text, country, usual, recent):
    found = guess(text, country, usual, recent)
    carriers = [candidate.carrier for candidate in found.candidates]
    assert len(set(carriers)) == len(carriers)
    assert all(CARRIERS[id].trackable and id != "other" for id in carriers)
    assert all(candidate.strength in STRENGTHS for candidate in found.candidates)
    strong = [candidate.carrier for candidate in found.candidates if candidate.strength != "weak"]
    assert found.preselect == (strong[0] if len(strong) == 1 else None)


@pytest.mark.parametrize(
    ("word", "carrier"),
    [
        ("cj", "cj"),
        ("CJ대한통운", "cj"),
        ("CJ 대한통운", "cj"),
        ("ＣＪＧＬＳ", "cj"),
        ("cj gls", "cj"),
        ("롯데택배", "lotte"),
        ("HYUNDAI", "lotte"),
        ("KGB", "logen"),
        ("로젠택배", "logen"),
        ("EPOST", "epost"),
        ("ヤマト運輸", "yamato"),
        ("ヤマト宅急便", "yamato"),
        ("ゆうパック", "japanpost"),
        ("佐川急便", "sagawa"),
        ("Yamato (EN)", "yamato"),
        ("DHL Express", "dhl_express"),
        ("CH1", "other"),
        ("その他", "other"),
        ("방문수령", "direct"),
        ("EMS", "epost_ems"),
    ],
)
def test_find_knows_a_carrier_by_any_of_its_words(word, carrier):
    assert find(word) is CARRIERS[carrier]


@pytest.mark.parametrize("word", ["", " ", "-", "04", "nobody", "택배"])
def test_find_says_none_rather_than_something_near(word):
    assert find(word) is None
