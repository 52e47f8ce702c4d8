"""The rules of a channel: what is in force, where it is from, what a change changes. The owner changes, a manager looks."""

from dataclasses import dataclass, replace
from typing import Any

from flask import Blueprint, Response, abort, flash, redirect, url_for
from flask_babel import gettext as _

from sellerweb import carriers
from sellerweb.desk import door, drawing
from sellerweb.desk.claim_words import REASON
from sellerweb.desk.policy_forms import RuleForm, asking, sent
from sellerweb.desk.policy_words import ANSWER, CHANGES, COLUMN, NAME, asked, example, numbers, value
from sellerweb.kit import htmx
from sellerweb.shop import cancelling, clock, fees, policies, policy_rules
from sellerweb.shop.db import read
from sellerweb.shop.policy import CHANNELS, DEFAULTS
from sellerweb.shop.policy_rules import CURRENCIES, Rule
from sellerweb.shop.refused import Refused

bp = Blueprint("policy", __name__, url_prefix="/policy")
# In which money the example of a channel is told.
CURRENCY = {"smartstore": "KRW", "qoo10": "JPY", "shopify": "USD", "manual": "KRW"}


@dataclass(frozen=True, slots=True)
class Shown:
    """One rule as the page shows it, every field in words."""

    name: str
    title: Any
    value: str
    default: str
    own: bool
    source: policy_rules.Source
    changes: Any
    example: str


@bp.get("")
@door.role_required("manager")
def policy() -> Response:
    return _page(CHANNELS[0])


@bp.get("/<channel>")
@door.role_required("manager")
def channel(channel: str) -> Response:
    return _page(_known(channel))


@bp.get("/<channel>/<name>")
@door.role_required("owner")
def ask(channel: str, name: str) -> Response:
    """One rule, asked."""
    rule = _rule(channel, name)
    now = policies.in_force(read(), channel)
    return _asked(channel, rule, asking(rule, getattr(now.rules, name), now.seen))


@bp.post("/<channel>/<name>/try", endpoint="try")
@door.role_required("owner")
def try_(channel: str, name: str) -> Response:
    """What the typed value would change, worked out; nothing is written."""
    rule, form = _rule(channel, name), sent(_rule(channel, name))
    if not _fits(rule, form):
        return _tried(channel, rule, form, 422)
    rules = replace(policies.in_force(read(), channel).rules, **{name: form.typed()})
    return _tried(channel, rule, form, then=_examples(channel, rule, rules))


@bp.post("/<channel>/<name>")
@door.role_required("owner")
def change(channel: str, name: str) -> Response:
    rule, form = _rule(channel, name), sent(_rule(channel, name))
    if not _fits(rule, form):
        return _asked(channel, rule, form, 422)
    try:
        policies.change(door.actor(), channel, name, form.typed(), form.seen.data or "")
    except policies.Stale as no:
        return _stale(channel, rule, form, no)
    except Refused as no:
        return _unseen(channel, rule, form, no)
    return _changed(channel, rule)


@bp.post("/<channel>/<name>/reset")
@door.role_required("owner")
def reset(channel: str, name: str) -> Response:
    rule, form = _rule(channel, name), RuleForm()
    if not form.validate():
        abort(400)
    try:
        policies.reset(door.actor(), channel, name, form.seen.data or "")
    except Refused as no:
        now = policies.in_force(read(), channel)
        again = asking(rule, getattr(now.rules, name), now.seen)
        return _stale(channel, rule, again, no) if isinstance(no, policies.Stale) else _unseen(channel, rule, again, no)
    return _changed(channel, rule)


def _known(channel: str) -> str:
    return channel if channel in CHANNELS else abort(404)


def _rule(channel: str, name: str) -> Rule:
    return policy_rules.of(_known(channel)).get(name) or abort(404)


def _fits(rule: Rule, form: RuleForm) -> bool:
    """Whether what was typed has the right shape and lies within the rule's bounds; else its sentence stands in the form."""
    if not form.validate():
        return False
    try:
        policy_rules.check(rule, form.typed())
    except Refused as no:
        form.refuse(no)
        return False
    return True


def _changed(channel: str, rule: Rule) -> Response:
    now = policies.in_force(read(), channel)
    text = _("%(rule)s is now: %(value)s.", rule=NAME[rule.name], value=value(rule, getattr(now.rules, rule.name)))
    if not htmx.partial():
        flash(text)
        return redirect(url_for("desk.policy.channel", channel=channel), 303)  # type: ignore[return-value]
    return _fragment(channel, rule, toast=text)


def _stale(channel: str, rule: Rule, form: RuleForm, no: policies.Stale) -> Response:
    """409: what happened meanwhile; what was typed stays, for a second look and a new try."""
    form.seen.data, form.seen.raw_data = policies.in_force(read(), channel).seen, None
    happened = policies.since(read(), channel, no.seen)
    return _asked(channel, rule, form, 409, problem=str(no.why), happened=happened)


def _unseen(channel: str, rule: Rule, form: RuleForm, no: Refused) -> Response:
    """422: no page of ours sent this. The form that comes back knows what it was drawn from."""
    form.seen.data, form.seen.raw_data = policies.in_force(read(), channel).seen, None
    return _asked(channel, rule, form, 422, problem=str(no.why))


def _asked(channel: str, rule: Rule, form: RuleForm, status: int = 200, **more: Any) -> Response:
    draw = _fragment if htmx.partial() else _page
    return draw(channel, rule, status, asked=rule.name, form=form, **more)


def _tried(channel: str, rule: Rule, form: RuleForm, status: int = 200, **more: Any) -> Response:
    if htmx.partial():
        return drawing.htmx_or_page("desk/policy/_then.html", status, form=form, **more)
    return _page(channel, rule, status, asked=rule.name, form=form, **more)


def _page(channel: str, rule: Rule | None = None, status: int = 200, **more: Any) -> Response:
    return drawing.htmx_or_page("desk/policy/policy.html", status, **_around(channel, rule), **more)


def _fragment(channel: str, rule: Rule, status: int = 200, **more: Any) -> Response:
    return drawing.htmx_or_page("desk/policy/_answer.html", status, **_around(channel, rule), **more)


def _around(channel: str, rule: Rule | None) -> dict[str, Any]:
    now = policies.in_force(read(), channel)
    return {
        "channel": channel,
        "channels": CHANNELS,
        "decides_here": cancelling.decides_here(channel),
        "shown": {name: _shown(now, each) for name, each in policy_rules.of(channel).items()},
        "name": rule.name if rule else "",
        "examples": _examples(channel, rule, now.rules) if rule else [],
        "seen": now.seen,
        "changes": policies.changes(read(), channel),
        "said": _said,
        "now": clock.now(),
        "fixed": _fixed(channel),
    }


def _shown(now: policies.InForce, rule: Rule) -> Shown:
    return Shown(
        rule.name,
        NAME[rule.name],
        value(rule, getattr(now.rules, rule.name)),
        value(rule, getattr(DEFAULTS[now.channel], rule.name)),
        rule.name in now.own,
        rule.source(now.channel),
        CHANGES[rule.name],
        example(rule, now.rules, clock.now(), CURRENCY[now.channel]),
    )


def _fixed(channel: str) -> dict[str, list[tuple[Any, Any]]]:
    """What nobody changes here: how a customer may undo at each stage, who pays for which reason, what of a parcel is taken."""
    here = cancelling.decides_here(channel)
    cancels = [
        (COLUMN[column], ANSWER[cancelling.TABLE[channel][column]])
        for column in cancelling.COLUMNS
        if here or column != "window_closed"
    ]
    reasons = {reason.code: reason for kind in ("cancel", "return", "redelivery") for reason in fees.REASONS[kind]}
    followed = sum(carrier.trackable for carrier in carriers.CARRIERS.values())
    return {
        "cancels": cancels,
        "reasons": [(REASON[code], asked(r)) for code, r in reasons.items()],
        "parcels": [(_("Tracking numbers"), numbers(channel)), (_("Carriers that can be followed"), str(followed))],
    }


def _examples(channel: str, rule: Rule, rules: Any) -> list[str]:
    """The example of a rule; of one about money, in each currency."""
    told = CURRENCIES if rule.kind == "money" else (CURRENCY[channel],)
    return [example(rule, rules, clock.now(), currency) for currency in told]


def _said(changed: Any) -> list[tuple[Any, str, str]]:
    """One line of the history: the rule, what it was, what it became."""
    by_name = {rule.name: rule for rule in policy_rules.RULES}
    return [
        (NAME[name], value(by_name[name], changed.before[name]), value(by_name[name], after))
        for name, after in changed.after.items()
    ]
