"""The clock of a question: hours, business hours, holidays, what is left; and how many answers in time bring a rate back."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from fractions import Fraction

from hypothesis import given
from hypothesis import strategies as st

from sellerweb.shop import policy, reply_clock
from sellerweb.shop.reply_clock import Rate

ROUND = policy.DEFAULTS["smartstore"]
OFFICE = replace(ROUND, reply_from="09:00", reply_until="18:00", reply_rest=True)


def seoul(words: str) -> datetime:
    return datetime.fromisoformat(f"{words}+09:00")


def test_a_question_is_due_after_a_day_and_talktalk_after_two_hours():
    asked = seoul("2026-11-20T17:30")
    assert reply_clock.due(ROUND, "page", asked) == asked + timedelta(hours=24)
    assert reply_clock.due(ROUND, "talktalk", asked) == asked + timedelta(hours=2)


def test_business_hours_count_only_while_the_shop_is_open():
    # Friday half past five: half an hour today, and the rest on Monday.
    assert reply_clock.due(OFFICE, "talktalk", seoul("2026-11-20T17:30")) == seoul("2026-11-23T10:30")
    assert reply_clock.due(OFFICE, "talktalk", seoul("2026-11-21T11:00")) == seoul("2026-11-23T11:00")
    assert reply_clock.due(OFFICE, "talktalk", seoul("2026-11-23T07:00")) == seoul("2026-11-23T11:00")
    # To the second: who asks at closing time asks at the next opening.
    assert reply_clock.due(OFFICE, "talktalk", seoul("2026-11-23T18:00")) == seoul("2026-11-24T11:00")
    assert reply_clock.due(OFFICE, "talktalk", seoul("2026-11-23T16:00")) == seoul("2026-11-23T18:00")


def test_holidays_are_those_of_the_channels_country():
    # 2027-01-01 is a Friday and a holiday in Korea.
    assert reply_clock.due(OFFICE, "talktalk", seoul("2026-12-31T17:00")) == seoul("2027-01-04T10:00")
    whole_days = replace(ROUND, reply_rest=True)
    assert reply_clock.due(whole_days, "page", seoul("2026-12-31T17:00")) == seoul("2027-01-04T17:00")


def test_hours_that_end_before_they_begin_count_the_whole_day():
    odd = replace(ROUND, reply_from="18:00", reply_until="09:00")
    assert reply_clock.due(odd, "talktalk", seoul("2026-11-20T23:30")) == seoul("2026-11-21T01:30")
    evening = replace(ROUND, reply_from="18:00")
    assert reply_clock.due(evening, "talktalk", seoul("2026-11-20T23:00")) == seoul("2026-11-21T19:00")


HOUR = st.sampled_from(["", "00:30", "09:00", "13:00", "18:00", "23:59"])


@given(
    st.integers(1_767_225_600, 1_830_000_000),
    st.integers(1, 60 * 60 * 72),
    st.integers(0, 60 * 60 * 200),
    HOUR,
    HOUR,
    st.booleans(),
)
def test_a_pause_takes_and_gives_nothing(moment, span, later, begin, end, rest):
    """What was left at any moment before the end, counted on from there, ends at the same moment."""
    rules = replace(ROUND, reply_from=begin, reply_until=end, reply_rest=rest)
    asked = datetime.fromtimestamp(moment, UTC)
    until = reply_clock.ahead(rules, asked, timedelta(seconds=span))
    assert reply_clock.left(rules, asked, until) == timedelta(seconds=span)
    paused = min(asked + timedelta(seconds=later), until)
    left = reply_clock.left(rules, paused, until)
    assert left == timedelta(0) or reply_clock.ahead(rules, paused, left) == until


@given(st.integers(0, 2000), st.integers(0, 2000), st.integers(1, 99))
def test_so_many_in_time_bring_it_back_and_one_fewer_does_not(asked, in_time, goal):
    rate = Rate(asked, min(asked, in_time))
    more = reply_clock.more_in_time(rate, goal)

    def there(n: int) -> bool:
        return rate.asked + n == 0 or Fraction(rate.in_time + n, rate.asked + n) >= Fraction(goal, 100)

    assert there(more)
    assert more == 0 or not there(more - 1)


def test_nothing_makes_up_for_one_that_was_late_where_all_must_be_in_time():
    assert reply_clock.more_in_time(Rate(10, 9), 100) is None
    assert reply_clock.more_in_time(Rate(10, 10), 100) == 0
    assert (Rate(1000, 899).percent, Rate().percent) == (89, None)
