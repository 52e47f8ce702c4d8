"""The verbs of an order: pay, expire, confirm, promise, delay, hold, release, readdress, repeat, archive. No parcels, no pages."""

import hashlib
import re
from datetime import date, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from flask_babel import lazy_gettext as _l
from sqlalchemy import select

from sellerweb.shop import policy
from sellerweb.shop.case import Case
from sellerweb.shop.models import Notice
from sellerweb.shop.refused import Refused

ADDRESS = ("receiver_name", "phone", "phone2", "postcode", "address", "country")
# How far ahead a ship date may be promised; further is a typing slip.
PROMISE_DAYS = 90


def pay(case: Case) -> None:
    """The money has come (a bank transfer seen by staff): the clock starts."""
    case.require("order", "pay", case.order.stage)
    case.set_order(
        paid_at=case.act.at, channel_block="" if case.order.channel_block == "unpaid" else case.order.channel_block
    )
    for line in case.lines.values():
        if line.channel_state == "unpaid":  # what the channel said last is no longer so, and stops no parcel
            case.set_line(line.id, channel_state="new")
    stamp(case)
    case.record("order", "pay")


def expire(case: Case) -> None:
    case.require("order", "expire", case.order.stage)
    case.set_order(expired_at=case.act.at)
    case.record("order", "expire")


def confirm(case: Case) -> None:
    """Staff have seen the order and will send it [발주확인]. Refused without a day where the channel takes a day for it."""
    case.require("order", "confirm", case.order.stage)
    is_dated = case.order.promised_on or case.order.channel_due_at
    if not is_dated and policy.of(case.act.tx, case.order.channel).confirm_by_day:
        raise Refused(
            _l("This channel takes no confirmation without a day of dispatch. Promise a day first, then confirm."),
            "day",
        )
    case.set_order(confirmed_at=case.act.at)
    case.record("order", "confirm")


def promise(case: Case, day: date) -> None:
    """Tell the customer the day it leaves: once, never changed after (a correction is a message to the customer)."""
    case.require("order", "promise", case.order.stage)
    if case.order.promised_on:
        raise Refused(
            _l(
                "A ship date was promised already: %(day)s. It cannot be changed; write to the customer instead.",
                day=case.order.promised_on,
            )
        )
    rules = policy.of(case.act.tx, case.order.channel)
    today = case.act.at.astimezone(ZoneInfo(rules.zone)).date()
    if not today <= day <= today + timedelta(days=PROMISE_DAYS):
        raise Refused(
            _l(
                "The day must be between today and %(last)s. Nothing was promised.",
                last=today + timedelta(days=PROMISE_DAYS),
            ),
            "day",
        )
    case.set_order(promised_on=day)
    stamp(case)
    case.record("order", "promise")


def delay(case: Case, reason: str, offer: str = "") -> None:
    """Tell the customer beforehand that it will be late, why, and what the shop offers for it. The date stays promised."""
    case.require("order", "delay", case.order.stage)
    if not reason:
        raise Refused(_l("Say why it is late: the customer reads this sentence."), "reason")
    case.record("order", "delay", note=reason, values={"reason": reason, "offer": offer})


def repeat(case: Case, notice: int) -> None:
    """Send a letter of this order once more, as a new one with today's facts."""
    case.require("order", "repeat", case.order.stage)
    which = (Notice.id == notice, Notice.order_id == case.order.id)
    old = case.act.tx.execute(select(Notice.__table__).where(*which)).one_or_none()
    if old is None or old.state in ("waiting", "sending"):
        raise Refused(_l("This letter is still on its way. Nothing was sent again."))
    if old.why == "undone":
        raise Refused(_l("What this letter tells was taken back before it left. Nothing was sent."))
    case.record("order", "repeat", letter=old.letter, shipment=old.shipment_id, claim=old.claim_id, values=old.values)


def hold(case: Case, reason: str) -> None:
    case.require("order", "hold", case.order.stage)
    if case.order.held_at:
        raise Refused(_l("This order is on hold already. Nothing was changed."))
    case.set_order(held_at=case.act.at, hold_reason=reason)
    case.record("order", "hold", note=reason)


def release(case: Case) -> None:
    case.require("order", "release", case.order.stage)
    if not case.order.held_at:
        raise Refused(_l("This order is not on hold. Nothing was changed."))
    case.set_order(held_at=None, hold_reason="")
    case.record("order", "release")


def readdress(case: Case, address: dict[str, str]) -> None:
    """Another receiver or address {field of ADDRESS: text}; printed slips become stale. Never under a live label."""
    if any(s.state == "labelled" for s in case.shipments.values()):
        raise Refused(
            _l("A parcel of this order has its label already. Take the label off first, then change the address.")
        )
    case.require("order", "readdress", case.order.stage)
    if all(getattr(case.order, name) == value for name, value in address.items()):
        raise Refused(_l("This is the address that the order has already. Nothing was changed."), "address")
    set_address(case, address)
    case.record("order", "readdress")


def archive(case: Case) -> None:
    case.require("order", "archive", case.order.stage)
    if case.order.archived_at:
        raise Refused(_l("This order is in the archive already. Nothing was changed."))
    owed = any(refund.state in ("due", "manual", "sent") for refund in case.refunds.values())
    if owed or any(claim.closed_at is None for claim in case.claims.values()):
        raise Refused(_l("A request or a refund of this order is still open. Finish it first, then archive the order."))
    case.set_order(archived_at=case.act.at)
    case.record("order", "archive")


def unarchive(case: Case) -> None:
    case.require("order", "unarchive", case.order.stage)
    if not case.order.archived_at:
        raise Refused(_l("This order is not in the archive. Nothing was changed."))
    case.set_order(archived_at=None)
    case.record("order", "unarchive")


def set_address(case: Case, address: dict[str, str]) -> None:
    """Write an address with what follows from it. The caller records why."""
    case.set_order(**address, address_version=case.order.address_version + 1)
    case.set_order(town=town(case.order.address, case.order.country), door=door(case.order))
    case.words_changed = True


def stamp(case: Case, rules: policy.Policy | None = None) -> None:
    """Write when the order must have left, from its facts and the channel's policy of this moment (`rules`, where known)."""
    order = case.order
    rules = rules or policy.of(case.act.tx, order.channel)
    case.set_order(ship_due_at=policy.ship_due(rules, order.paid_at, order.promised_on, order.channel_due_at))
    if order.paid_at and order.cancel_until is None and not rules.marketplace_decides:
        case.set_order(cancel_until=policy.cancel_until(rules, order.paid_at))


def language(order: Any) -> str:
    """The language to write to this order's customer in: ko, ja or en."""
    if order.channel == "qoo10" or order.country == "JP":
        return "ja"
    return "ko" if order.country == "KR" or (not order.country and order.currency == "KRW") else "en"


def code_of(order_no: str) -> str:
    """An order number as it stands in addresses and bar codes: without signs and spaces."""
    return re.sub(r"[^0-9A-Za-z_-]+", "", order_no)[:60]


def town(address: str, country: str) -> str:
    """The first two words of an address, or a Japanese prefecture and city: enough to tell rows apart, no door."""
    if country == "JP" or re.match(r".{2,3}[都道府県]", address):
        found = re.match(r"(.{2,3}?[都道府県])\s*(.+?[市区町村])?", address)
        if found:
            return " ".join(p for p in found.groups() if p)[:100]
    if country in ("", "KR"):
        return " ".join(_SHORT.get(w, w) for w in address.split()[:2])[:100]
    return country


def door(order: object) -> str | None:
    """A key that is equal only for the same receiver, phone and address to the letter; None without an address."""
    parts = [str(getattr(order, name) or "") for name in ("receiver_name", "phone", "postcode", "address")]
    return hashlib.sha256("\0".join(parts).encode()).hexdigest() if parts[3] else None


_SHORT = {
    "서울특별시": "서울", "부산광역시": "부산", "대구광역시": "대구", "인천광역시": "인천", "광주광역시": "광주",
    "대전광역시": "대전", "울산광역시": "울산", "세종특별자치시": "세종", "경기도": "경기", "강원특별자치도": "강원",
    "충청북도": "충북", "충청남도": "충남", "전북특별자치도": "전북", "전라남도": "전남", "경상북도": "경북",
    "경상남도": "경남", "제주특별자치도": "제주",
}  # fmt: skip
