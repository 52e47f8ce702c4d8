"""The desk's words for a channel's rules: names, values, what a change changes, and the example. No rules, no pages."""

from collections.abc import Callable
from datetime import datetime
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_babel import ngettext

from sellerweb import carriers
from sellerweb.kit import words
from sellerweb.shop import fees, policy_examples, telling
from sellerweb.shop.policy import Policy
from sellerweb.shop.policy_rules import CURRENCIES, Rule

NAME = {
    "ship_days": _l("Days until it must leave"),
    "cut_off": _l("Cut-off hour"),
    "holidays": _l("Holidays"),
    "delay_after_days": _l("Late without a promised day"),
    "confirm_by_day": _l("Confirming an order"),
    "cancel_window": _l("Time to cancel alone"),
    "expire_days": _l("Closed when not paid"),
    "usual_carrier": _l("Usual carrier"),
    "shipping_fee": _l("Shipping fee"),
    "free_shipping_from": _l("Free shipping from"),
    "return_fee": _l("Return fee, one way"),
    "return_days": _l("Return for a change of mind"),
    "defect_days": _l("Return of faulty goods"),
    "decide_days": _l("Decision about returned goods"),
    "answer_hours": _l("Answer to a request"),
    "reply_hours": _l("Answer to a question"),
    "talktalk_hours": _l("Answer in TalkTalk"),
    "reply_goal": _l("Answered in time"),
    "reply_from": _l("Answers from"),
    "reply_until": _l("Answers until"),
    "reply_rest": _l("Weekends and holidays"),
    "follow_up_days": _l("Letter after delivery"),
}
# What changes with a rule: for whom it counts, and for whom not.
CHANGES = {
    "ship_days": _l(
        "Orders paid from now on must leave within so many business days, unless a day was promised or the channel names one; orders that are here keep their hour."
    ),
    "cut_off": _l(
        "An order paid at this hour or later counts from the next business day, and by this hour of its last day it must leave; orders that are here keep theirs."
    ),
    "holidays": _l(
        "On these days nothing has to leave and nothing has to be decided; orders that are here keep the hour that was worked out for them."
    ),
    "delay_after_days": _l(
        "Without a promised day an order is late after so many days, even where the channel names a later one; orders that are here keep their hour."
    ),
    "confirm_by_day": _l(
        "Whether staff can confirm an order before its day is promised or named by the channel; this counts at once, and orders that are confirmed stay so."
    ),
    "cancel_window": _l(
        "For so many minutes after paying a customer can cancel alone; who has paid already keeps the end that was told."
    ),
    "expire_days": _l(
        "An unpaid order is closed after so many days; this counts at once, also for those that wait now."
    ),
    "usual_carrier": _l(
        "The ship form begins with this carrier where the listing names none; this counts at once, for every open order."
    ),
    "shipping_fee": _l(
        "A customer pays this when a cancel takes the rest of an order below the sum for free shipping; requests that are here keep their figures."
    ),
    "free_shipping_from": _l(
        "A cancel that takes an order below this sum costs the customer the shipping fee; requests that are here keep their figures."
    ),
    "return_fee": _l(
        "A customer who bears the way back pays this, and twice this where the way out was free; requests that are here keep their figures."
    ),
    "return_days": _l(
        "So many days after arrival goods can be sent back for a change of mind; this counts at once, also for what has arrived."
    ),
    "defect_days": _l(
        "So many days after arrival faulty or wrong goods can be sent back; this counts at once, also for what has arrived."
    ),
    "decide_days": _l(
        "So many business days after goods are back the shop must have decided; goods that are back already keep their day."
    ),
    "answer_hours": _l(
        "A request that waits longer than this for its answer is late; requests that are here keep their hour."
    ),
    "reply_hours": _l(
        "A customer's message that waits longer than this for its answer is late; messages that are here keep their hour."
    ),
    "talktalk_hours": _l("The same for what was noted from TalkTalk; messages that are here keep their hour."),
    "reply_goal": _l("The inbox compares the rate of answers in time with this goal; it counts at once."),
    "reply_from": _l(
        "Before this hour no time passes for an answer; hours that end before they begin count the whole day. Messages that are here keep their hour."
    ),
    "reply_until": _l(
        "After this hour no time passes for an answer; hours that end before they begin count the whole day. Messages that are here keep their hour."
    ),
    "reply_rest": _l(
        "Whether time passes for an answer on Saturdays, Sundays and holidays; messages that are here keep their hour."
    ),
    "follow_up_days": _l(
        "So many days after the last parcel has arrived a letter asks whether all is well; once an order, and never after a cancel, a request or a loss. It counts at once, for what arrived in the last three days before that."
    ),
}
CALENDAR = {"KR": _l("Korean holidays"), "JP": _l("Japanese holidays")}
SWITCH = {
    "reply_rest": {False: _l("they count"), True: _l("they do not count")},
    "confirm_by_day": {False: _l("with or without a day"), True: _l("only with a day")},
}
# What the channel and the law have decided: shown, not changed.
COLUMN = {
    "unpaid": _l("Awaiting payment"),
    "new": _l("New"),
    "window_closed": _l("New, time to cancel alone over"),
    "preparing": _l("Preparing"),
    "delayed": _l("Not packed, and late"),
    "packed_delayed": _l("Being packed, but late"),
    "ready": _l("Ready to hand over"),
    "ready_delayed": _l("Ready, but late"),
    "shipped": _l("Shipped"),
}
ANSWER = {"now": _l("at once"), "request": _l("by asking"), "return": _l("only by sending it back")}
BEARER = {"customer": _l("the customer"), "seller": _l("the shop"), "": _l("staff decide")}
_ASKS = {"photo": _l("with a photo"), "note": _l("with a note")}
_NUMBERS = (
    (telling.ONE_AN_ORDER, _l("one an order; the customer's letters have the others")),
    (telling.ONE_AN_ITEM, _l("one an item; the customer's letters have the others")),
)
_LEFT_OUT = {
    "cut_off": _l("midnight"),
    "delay_after_days": _l("no limit"),
    "expire_days": _l("never"),
    "follow_up_days": _l("none is sent"),
    "usual_carrier": _l("no carrier"),
    "reply_from": _l("midnight"),
    "reply_until": _l("midnight"),
}
_COUNTED: dict[str, Callable[[int], str]] = {
    "ship_days": lambda n: ngettext("%(num)s business day", "%(num)s business days", n),
    "decide_days": lambda n: ngettext("%(num)s business day", "%(num)s business days", n),
    "cancel_window": lambda n: ngettext("%(num)s minute", "%(num)s minutes", n),
    "answer_hours": lambda n: ngettext("%(num)s hour", "%(num)s hours", n),
    "reply_hours": lambda n: ngettext("%(num)s hour", "%(num)s hours", n),
    "talktalk_hours": lambda n: ngettext("%(num)s hour", "%(num)s hours", n),
    "reply_goal": lambda n: f"{n} %",
}
UNIT = {
    "ship_days": _l("in business days"),
    "decide_days": _l("in business days"),
    "cancel_window": _l("in minutes"),
    "answer_hours": _l("in hours"),
    "reply_hours": _l("in hours"),
    "talktalk_hours": _l("in hours"),
    "reply_goal": _l("in per cent"),
}
_IN_DAYS = _l("in days")
_MUST_LEAVE = _l("An order paid today at 15:00 must leave by %(until)s.")
_ONE_CANCELLED = _l("Who cancels one of two pieces that together cost %(sum)s pays %(fee)s for shipping.")
_EXAMPLE = {
    "ship_days": _MUST_LEAVE,
    "cut_off": _MUST_LEAVE,
    "holidays": _l("An order paid on %(day)s at 15:00 must leave by %(until)s."),
    "delay_after_days": _l(
        "An order paid today at 15:00, for which the channel names a day 60 days away, must leave by %(until)s."
    ),
    "confirm_by_day": _l("A new order without a day is first promised one, and then confirmed."),
    "cancel_window": _l("Who pays today at 15:00 can cancel alone until %(until)s."),
    "expire_days": _l("An order placed today at 15:00 and not paid is closed after %(until)s."),
    "usual_carrier": _l("The ship form begins with %(carrier)s."),
    "shipping_fee": _ONE_CANCELLED,
    "free_shipping_from": _ONE_CANCELLED,
    "return_fee": _l("Who sends back, for a change of mind, what came with free shipping pays %(fee)s."),
    "return_days": _l("What arrives today can be sent back until %(until)s."),
    "defect_days": _l("What arrives today and is faulty can be sent back until %(until)s."),
    "decide_days": _l("What comes back today must be decided by %(until)s."),
    "answer_hours": _l("A request made today at 15:00 must be answered by %(until)s."),
    "follow_up_days": _l("Whoever gets everything today is asked on %(day)s whether all is well."),
}
_AT_NIGHT = _l("A question asked on %(day)s at 23:00 must be answered by %(until)s.")
_EXAMPLE |= {
    "reply_hours": _l("A question asked today at 15:00 must be answered by %(until)s."),
    "talktalk_hours": _l("A question asked today at 15:00 must be answered by %(until)s."),
    "reply_goal": _l("When 80 of 100 answers were in time, %(more)s more in time reach the goal."),
    "reply_from": _AT_NIGHT,
    "reply_until": _AT_NIGHT,
    "reply_rest": _AT_NIGHT,
}
_NOT_FREE = _l("No sum is set in %(currency)s, so cancelling a part costs nothing for shipping.")
_NOTHING = {
    "reply_goal": _l("The goal is all of them: one late answer cannot be made up for."),
    "confirm_by_day": _l("A new order is confirmed as it is."),
    "cancel_window": _l("Who has paid cannot cancel alone; they can ask, and the shop answers."),
    "expire_days": _l("An unpaid order waits until somebody closes it."),
    "usual_carrier": _l("The ship form begins without a carrier; the number tells it."),
    "follow_up_days": _l("Nobody is asked whether all is well."),
    "shipping_fee": _NOT_FREE,
    "free_shipping_from": _NOT_FREE,
}


def asked(reason: fees.Reason) -> str:
    """Who pays for a reason, and what a customer has to add to it."""
    asks = [str(word) for name, word in _ASKS.items() if getattr(reason, name)]
    return ", ".join([str(BEARER[reason.bearer]), *asks])


def numbers(channel: str) -> str:
    """How many tracking numbers the channel takes."""
    return next((str(word) for channels, word in _NUMBERS if channel in channels), _("one for each parcel"))


def unit(rule: Rule) -> str:
    """What a field's number counts; "" where it is none."""
    return str(UNIT.get(rule.name, _IN_DAYS)) if rule.kind == "count" else ""


def value(rule: Rule, kept: Any) -> str:
    """A rule's value as the page says it."""
    if kept in (None, ""):
        return str(_LEFT_OUT[rule.name])
    if rule.kind == "count":
        return _COUNTED.get(rule.name, _days)(kept)
    if rule.kind == "calendar":
        return str(CALENDAR[kept])
    if rule.kind == "switch":
        return str(SWITCH[rule.name][kept])
    if rule.kind == "carrier":
        return str(carriers.CARRIERS[kept].spoken)
    if rule.kind == "money":
        sums = [words.money(kept[c], c, words.language()) for c in CURRENCIES if c in kept]
        return " · ".join(sums) or _("no sum set")
    return str(kept)


def example(rule: Rule, rules: Policy, now: datetime, currency: str) -> str:
    """One case worked out under `rules`, in a sentence."""
    facts = policy_examples.example(rule.name, rules, now, currency)
    if facts is None:
        return str(_NOTHING[rule.name]) % {"currency": currency}
    said = {name: _fact(fact, rules, now, currency, counted=name == "more") for name, fact in facts.items()}
    return str(_EXAMPLE[rule.name]) % said


def _fact(fact: Any, rules: Policy, now: datetime, currency: str, *, counted: bool = False) -> str:
    lang = words.language()
    if counted:
        return str(fact)
    if isinstance(fact, datetime):
        return words.when(words.day_of(fact, rules.zone), now, rules.zone, lang)
    if isinstance(fact, int):
        return words.money(fact, currency, lang)
    return str(carriers.CARRIERS[fact].spoken) if isinstance(fact, str) else words.day(fact, lang)


def _days(n: int) -> str:
    return ngettext("%(num)s day", "%(num)s days", n)
