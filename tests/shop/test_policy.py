"""When an order must have left: each channel's rule over weekends, holidays and the cut-off."""

from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from sellerweb.shop import policy

SEOUL, TOKYO = ZoneInfo("Asia/Seoul"), ZoneInfo("Asia/Tokyo")


def at(moment: str, zone: ZoneInfo = SEOUL) -> datetime:
    return datetime.fromisoformat(moment).replace(tzinfo=zone)


@pytest.mark.parametrize(
    ("paid", "due"),
    [
        ("2026-11-16T10:00:00", "2026-11-17T16:00:00"),
        # one second before the cut-off, at it, after it
        ("2026-11-16T15:59:59", "2026-11-17T16:00:00"),
        ("2026-11-16T16:00:00", "2026-11-18T16:00:00"),
        ("2026-11-16T16:00:01", "2026-11-18T16:00:00"),
        # a weekend: paid on Friday in time, on Friday too late, on Saturday, on Sunday night
        ("2026-11-20T15:59:59", "2026-11-23T16:00:00"),
        ("2026-11-20T16:00:00", "2026-11-24T16:00:00"),
        ("2026-11-21T10:00:00", "2026-11-24T16:00:00"),
        ("2026-11-22T23:59:59", "2026-11-24T16:00:00"),
        # Seollal 2026: Monday 16 to Wednesday 18 February
        ("2026-02-13T10:00:00", "2026-02-19T16:00:00"),
        ("2026-02-17T10:00:00", "2026-02-20T16:00:00"),
        # Chuseok 2026: Thursday 24 and Friday 25 September, then a weekend
        ("2026-09-23T10:00:00", "2026-09-28T16:00:00"),
        # Autumn 2025: National Foundation Day, Chuseok with its substitute, Hangul Day, all in a row
        ("2025-10-02T10:00:00", "2025-10-10T16:00:00"),
        # substitutes: Buddha's Birthday on a Sunday, Liberation Day on a Saturday
        ("2026-05-22T10:00:00", "2026-05-26T16:00:00"),
        ("2026-08-14T10:00:00", "2026-08-18T16:00:00"),
        # Christmas and New Year
        ("2026-12-24T10:00:00", "2026-12-28T16:00:00"),
        ("2026-12-31T16:00:00", "2027-01-05T16:00:00"),
    ],
)
def test_by_hand_the_next_business_day_by_the_cut_off(paid, due):
    assert policy.ship_due(policy.DEFAULTS["manual"], at(paid), None, None) == at(due)


@pytest.mark.parametrize(
    ("paid", "due"),
    [
        ("2026-11-16T23:59:59", "2026-11-20T00:00:00"),
        ("2026-11-17T00:00:00", "2026-11-21T00:00:00"),
        ("2026-02-13T10:00:00", "2026-02-24T00:00:00"),
    ],
)
def test_smartstore_the_third_business_day_till_midnight(paid, due):
    assert policy.ship_due(policy.DEFAULTS["smartstore"], at(paid), None, None) == at(due)


@pytest.mark.parametrize(
    ("paid", "due"),
    [
        ("2026-11-16T10:00:00", "2026-11-20T00:00:00"),
        ("2026-11-20T10:00:00", "2026-11-27T00:00:00"),  # Labour Thanksgiving, Monday 23 November
        ("2026-04-30T10:00:00", "2026-05-09T00:00:00"),  # Golden Week, with the substitute on Wednesday 6 May
    ],
)
def test_qoo10_the_third_japanese_business_day(paid, due):
    assert policy.ship_due(policy.DEFAULTS["qoo10"], at(paid, TOKYO), None, None) == at(due, TOKYO)


def test_the_day_is_the_channels_and_not_the_worlds():
    utc = datetime.fromisoformat("2026-11-16T15:30:00+00:00")  # Tuesday 00:30 in Seoul
    assert policy.ship_due(policy.DEFAULTS["smartstore"], utc, None, None) == at("2026-11-21T00:00:00")


def test_a_channels_own_date_comes_before_its_rule():
    due = at("2026-11-30T12:00:00")
    assert policy.ship_due(policy.DEFAULTS["smartstore"], at("2026-11-16T10:00:00"), None, due) == due


def test_a_promise_comes_before_both_and_lasts_till_midnight():
    rules, paid = policy.DEFAULTS["smartstore"], at("2026-11-16T10:00:00")
    assert policy.ship_due(rules, paid, date(2026, 12, 1), at("2026-11-30T12:00:00")) == at("2026-12-02T00:00:00")


def test_qoo10_waits_14_days_for_a_date_and_no_longer_without_a_promise():
    rules, paid = policy.DEFAULTS["qoo10"], at("2026-11-16T10:00:00", TOKYO)
    far = at("2026-12-24T00:00:00", TOKYO)
    assert policy.ship_due(rules, paid, None, far) == at("2026-11-30T10:00:00", TOKYO)
    assert policy.ship_due(rules, paid, date(2026, 12, 23), far) == far


def test_an_unpaid_order_is_due_never():
    for rules in policy.DEFAULTS.values():
        assert policy.ship_due(rules, None, date(2026, 12, 1), at("2026-11-30T12:00:00")) is None


@pytest.mark.parametrize(
    ("back", "till"),
    [
        ("2026-11-16T00:00:00", "2026-11-19"),  # Monday: Tuesday, Wednesday, Thursday
        ("2026-11-16T23:59:59", "2026-11-19"),
        ("2026-11-19T10:00:00", "2026-11-24"),
        ("2026-11-20T10:00:00", "2026-11-25"),  # Friday
        ("2026-11-21T10:00:00", "2026-11-25"),  # Saturday: the first business day is Monday
        ("2026-11-22T10:00:00", "2026-11-25"),
        ("2026-12-24T10:00:00", "2026-12-30"),  # Christmas is a Friday
        ("2026-02-13T10:00:00", "2026-02-23"),  # Seollal, 16 to 18 February
        ("2026-09-23T10:00:00", "2026-09-30"),  # Chuseok, Thursday to Saturday
    ],
)
def test_returned_goods_are_decided_about_within_three_business_days(back, till):
    assert policy.end_of(policy.DEFAULTS["manual"], at(back), business_days=3) == at(f"{till}T00:00:00") + timedelta(
        days=1
    )
