"""The page of a channel's rules: what is in force, where it is from, what a change would change, and who changed what."""

import json
from datetime import UTC, datetime

import pytest
import time_machine

from sellerweb.shop import policy_rules
from sellerweb.shop.policy import CHANNELS

# A Monday, 10:00 in Seoul and in Tokyo.
NOW = datetime(2026, 11, 16, 1, 0, tzinfo=UTC)


@pytest.fixture(autouse=True)
def clock():
    with time_machine.travel(NOW, tick=False) as clock:
        yield clock


def typed(person, rule="cut_off", channel="manual", *, htmx=False, page=None, **values):
    """What comes of typing `values` into the form of one rule."""
    at = f"/policy/{channel}/{rule}"
    return person.submit(page or person.open(at, htmx=htmx), at, htmx=htmx, **values)


@pytest.fixture
def kept(rows):
    """kept("manual"): the rules in which the shop differs."""

    def look(channel="manual"):
        found = rows("SELECT rules FROM policy WHERE channel = :channel", channel=channel)
        return json.loads(found[0].rules) if found else {}

    return look


@pytest.mark.parametrize("channel", CHANNELS)
def test_every_rule_stands_there_with_its_default_its_source_and_an_example(desk, channel):
    page = desk.open(f"/policy/{channel}")
    for name, rule in policy_rules.of(channel).items():
        said = page.text(f"#rule-{name}")
        assert f"({rule.source(channel).name}, read 2026-11)" in said
        assert "Default:" in said
        assert page.text(f"#example-{name}").endswith(".")
    assert {"rule-cancel_window", "rule-expire_days"} & {s.get("id") for s in page.all("section")} == (
        set() if channel in ("smartstore", "qoo10") else {"rule-cancel_window", "rule-expire_days"}
    )


def test_the_first_page_is_the_first_channels(desk):
    assert "SmartStore sellers' guide, read 2026-11" in desk.open("/policy").text("#rule-ship_days")


def test_an_example_is_worked_out(desk):
    page = desk.open("/policy/manual")
    assert page.text("#example-ship_days") == "An order paid today at 15:00 must leave by tomorrow 16:00."
    # Labour Thanksgiving is the first day that is a holiday in Japan alone.
    assert page.text("#example-holidays") == "An order paid on Nov 22 at 15:00 must leave by Nov 24 16:00."
    assert page.text("#example-return_fee").endswith("pays ₩6,000.")
    assert "pays ¥1,400." in desk.open("/policy/qoo10").text("#example-return_fee")


def test_what_is_no_ones_to_change_is_shown_too(desk):
    page = desk.open("/policy/qoo10")
    fixed = dict(zip([e.text for e in page.all("dt")], [e.text for e in page.all("dd")], strict=True))
    assert fixed["Not packed, and late"] == "at once"
    assert fixed["Change of mind"] == "the customer"
    assert fixed["Arrived broken"] == "the shop, with a photo"
    assert fixed["Tracking numbers"] == "one an order; the customer's letters have the others"
    assert "Qoo10 Japan itself decides" in page.text("main")


def test_a_rule_is_changed(desk, kept, answered, htmx):
    page = answered(typed(desk, value="14:00", htmx=htmx), desk)
    assert "Cut-off hour is now: 14:00." in page.text(".toast")
    assert "ours" in page.text("#rule-cut_off")
    assert kept() == {"cut_off": "14:00"}
    assert kept("shopify") == {}


def test_the_examples_of_other_rules_move_along(desk, answered, htmx):
    page = answered(typed(desk, value="14:00", htmx=htmx), desk)
    assert page.text("#example-ship_days") == "An order paid today at 15:00 must leave by Nov 18 14:00."


def test_the_history_says_who_changed_what(desk, at_desk, rows, answered, htmx):
    typed(desk, value="14:00")
    page = answered(typed(desk, "ship_days", value="2", htmx=htmx), desk)
    assert "Cut-off hour: 16:00 → 14:00" in page.text("#changes")
    assert "Days until it must leave: 1 business day → 2 business days today 10:00 · Alice" in page.text("#changes")
    told = rows("SELECT before, after, staff_id FROM policy_change ORDER BY id")
    assert [(json.loads(x.before), json.loads(x.after)) for x in told] == [
        ({"cut_off": "16:00"}, {"cut_off": "14:00"}),
        ({"ship_days": 1}, {"ship_days": 2}),
    ]
    assert "Cut-off hour" not in desk.open("/policy/shopify").text("#changes")


def test_a_rule_goes_back_to_its_default(desk, kept, answered, htmx):
    typed(desk, value="14:00")
    page = desk.submit(desk.open("/policy/manual"), "/policy/manual/cut_off/reset", htmx=htmx)
    page = answered(page, desk)
    assert "16:00" in page.text(".toast")
    assert "default" in page.text("#rule-cut_off")
    assert not [f for f in page.all("form") if f.get("action") == "/policy/manual/cut_off/reset"]
    assert kept() == {}


def test_typing_the_default_is_going_back_to_it(desk, kept):
    typed(desk, value="14:00")
    typed(desk, value="16:00")
    assert kept() == {}


def test_what_would_change_is_said_and_nothing_is_written(desk, rows, htmx):
    page = desk.open("/policy/manual/cut_off", htmx=htmx)
    values = {"seen": page.find("form").get("seen") or "0", "value": "14:00"}
    page = desk.post("/policy/manual/cut_off/try", values, htmx=htmx, status=200)
    assert "Then: An order paid today at 15:00 must leave by Nov 18 14:00." in page.html
    if not htmx:
        assert page.text("#example-cut_off") == "An order paid today at 15:00 must leave by tomorrow 16:00."
        assert page.find("#value-cut_off").get("value") == "14:00"
    assert rows("SELECT * FROM policy") == rows("SELECT * FROM policy_change") == []


def test_a_sum_is_tried_in_every_currency(desk):
    page = desk.post(
        "/policy/shopify/return_fee/try", {"KRW": "4,500", "JPY": "", "USD": "12.5"}, htmx=True, status=200
    )
    said = " ".join("".join(p.itertext()) for p in page.all("p"))
    assert "₩9,000" in said
    assert "¥0" in said
    assert "US$25.00" in said


TYPED = [
    ("ship_days", "２", {"ship_days": 2}),
    ("ship_days", "0", {"ship_days": 0}),
    ("cut_off", "9:30", {"cut_off": "09:30"}),
    ("cut_off", "０９３０", {"cut_off": "09:30"}),
    ("cut_off", "", {"cut_off": ""}),
    ("holidays", "JP", {"holidays": "JP"}),
    ("delay_after_days", "14", {"delay_after_days": 14}),
    ("cancel_window", "0", {"cancel_window": 0}),
    ("expire_days", "", {"expire_days": None}),
    ("usual_carrier", "hanjin", {"usual_carrier": "hanjin"}),
    ("usual_carrier", "", {"usual_carrier": ""}),
    ("return_days", "14", {"return_days": 14}),
    ("decide_days", "1", {"decide_days": 1}),
    ("answer_hours", "2", {"answer_hours": 2}),
    ("reply_goal", "95", {"reply_goal": 95}),
    ("reply_from", "900", {"reply_from": "09:00"}),
    ("reply_rest", "True", {"reply_rest": True}),
    ("confirm_by_day", "True", {"confirm_by_day": True}),
]


@pytest.mark.parametrize(("rule", "said", "kept_"), TYPED)
def test_what_is_typed_is_kept_as_the_shop_means_it(desk, kept, rule, said, kept_):
    assert typed(desk, rule, value=said).status == 303
    assert kept() == kept_
    desk.open("/policy/manual")
    typed(desk, rule, page=desk.open(f"/policy/manual/{rule}"))  # what stands in the form is what is kept
    assert kept() == kept_


def test_money_is_kept_in_minor_units_of_its_currency(desk, kept):
    assert typed(desk, "free_shipping_from", KRW="50,000원", JPY="", USD="40.5").status == 303
    assert kept() == {"free_shipping_from": {"KRW": 50_000, "USD": 4050}}
    form = desk.open("/policy/manual/free_shipping_from")
    assert [form.find(f"#{c}-free_shipping_from").get("value") for c in ("KRW", "JPY", "USD")] == [
        "50,000",
        "",
        "40.50",
    ]


REFUSED = [
    ("ship_days", {"value": ""}, "from 0 to 30."),
    ("ship_days", {"value": "31"}, "from 0 to 30."),
    ("ship_days", {"value": "-1"}, "whole number"),
    ("ship_days", {"value": "1.5"}, "whole number"),
    ("ship_days", {"value": "9" * 400}, "whole number"),
    ("delay_after_days", {"value": "0"}, "or leave it empty"),
    ("cut_off", {"value": "24:00"}, "for example 16:00"),
    ("cut_off", {"value": "00:00"}, "Empty means midnight"),
    ("cut_off", {"value": "four"}, "for example 16:00"),
    ("holidays", {"value": "XX"}, "Choose a calendar"),
    ("usual_carrier", {"value": "direct"}, "can be followed"),
    ("usual_carrier", {"value": "pigeon"}, "can be followed"),
    ("reply_rest", {"value": "maybe"}, "Choose one of the list"),
    ("return_days", {"value": "6"}, "from 7 to 365"),
    ("decide_days", {"value": "4"}, "from 1 to 3"),
    ("return_fee", {"KRW": "3,000.5", "JPY": "", "USD": ""}, "Type an amount"),
    ("return_fee", {"KRW": "", "JPY": "", "USD": "12.345"}, "Type an amount"),
    ("return_fee", {"KRW": "-1", "JPY": "", "USD": ""}, "Type an amount"),
    ("return_fee", {"KRW": "999999999999", "JPY": "", "USD": ""}, "Look at the zeros"),
]


@pytest.mark.parametrize(("rule", "values", "why"), REFUSED)
def test_what_cannot_be_is_refused_with_a_sentence_and_stays_in_the_form(desk, rows, rule, values, why):
    page = desk.post(f"/policy/manual/{rule}", {"seen": "0", **values}, status=422)
    assert why in page.text(f"#rule-{rule}")
    for name, said in values.items():
        field = page.find(f"#{name}-{rule}")
        if field.tag == "input":
            assert field.get("value") == said
    assert rows("SELECT * FROM policy_change") == []


def test_a_sentence_stands_at_its_field(desk, htmx):
    page = desk.post("/policy/manual/ship_days", {"seen": "0", "value": "31"}, htmx=htmx, status=422)
    assert page.find("#value-ship_days").get("aria-invalid") == "true"
    assert "from 0 to 30." in page.text("#value-ship_days-error")


@pytest.fixture
def dora(app, at_desk, cast, change):
    """Another owner."""
    change("UPDATE staff SET role = 'owner' WHERE name = 'Bob'")
    return at_desk("Bob")


def test_two_owners_do_not_write_over_each_other(desk, dora, kept, htmx):
    form = dora.open("/policy/manual/cut_off", htmx=htmx)
    typed(desk, "ship_days", value="2")
    page = typed(dora, value="14:00", page=form, htmx=htmx)
    assert page.status == 409
    said = page.text("#rule-cut_off")
    assert "Nothing was saved" in said
    assert "Alice · Days until it must leave: 1 business day → 2 business days" in said
    assert page.find("#value-cut_off").get("value") == "14:00"
    assert kept() == {"ship_days": 2}
    assert typed(dora, page=page, htmx=htmx).status == (200 if htmx else 303)
    assert kept() == {"ship_days": 2, "cut_off": "14:00"}


def test_what_one_has_changed_oneself_is_no_surprise(desk, kept):
    form = desk.open("/policy/manual/cut_off")
    typed(desk, "ship_days", value="2")
    assert typed(desk, value="14:00", page=form).status == 303
    assert typed(desk, value="15:00", page=form).status == 409  # but of this very rule it is
    assert kept() == {"ship_days": 2, "cut_off": "14:00"}


def test_a_second_tap_changes_nothing_twice(desk, rows, htmx):
    form = desk.open("/policy/manual/cut_off", htmx=htmx)
    for _tap in range(2):
        assert typed(desk, value="14:00", page=form, htmx=htmx).status == (200 if htmx else 303)
    assert len(rows("SELECT * FROM policy_change")) == 1


def test_a_reset_that_comes_too_late_shows_what_happened(desk, dora, kept, htmx):
    typed(desk, value="14:00")
    page = dora.open("/policy/manual")
    typed(desk, value="13:00")
    page = dora.submit(page, "/policy/manual/cut_off/reset", htmx=htmx, status=409)
    assert "14:00 → 13:00" in page.text("#rule-cut_off")
    assert kept() == {"cut_off": "13:00"}


def test_a_manager_looks_and_changes_nothing(at_desk, rows):
    bob = at_desk("Bob")
    page = bob.open("/policy/manual")
    assert page.text("#rule-cut_off")
    assert not [f for f in page.all("form") if f.get("action").startswith("/policy")]
    bob.open("/policy/manual/cut_off", status=403)
    for verb in ("", "/try", "/reset"):
        bob.post(f"/policy/manual/cut_off{verb}", {"seen": "0", "value": "14:00"}, status=403)
    assert rows("SELECT * FROM policy_change") == []


def test_a_packer_stays_outside(at_desk):
    carol = at_desk("Carol")
    carol.open("/policy", status=403)
    carol.open("/policy/manual", status=403)
    assert "/policy" not in carol.open("/orders").html


def test_rules_and_channels_that_do_not_exist_are_not_found(desk):
    for path in (
        "/policy/amazon",
        "/policy/manual/zone",
        "/policy/manual/marketplace_decides",
        "/policy/qoo10/expire_days",
    ):
        desk.open(path, status=404)
    desk.post("/policy/qoo10/cancel_window", {"seen": "0", "value": "5"}, status=404)


def test_what_was_promised_to_an_order_stays(desk, make_order, rows):
    """Changing a rule rewrites nothing that is stamped."""
    make_order("A1", channel="manual")
    stamped = rows("SELECT ship_due_at, cancel_until FROM orders")
    for rule, value in (("ship_days", "3"), ("cut_off", "12:00"), ("cancel_window", "5"), ("holidays", "JP")):
        assert typed(desk, rule, value=value).status == 303
    assert rows("SELECT ship_due_at, cancel_until FROM orders") == stamped
    make_order("A2", channel="manual")
    (later,) = rows("SELECT ship_due_at, cancel_until FROM orders WHERE code = 'A2'")
    assert (later.ship_due_at, later.cancel_until) != (stamped[0].ship_due_at, stamped[0].cancel_until)


ODD = ("-1", "9" * 400, "٣", "1.5", "5\x00six", "9999-12-31", "25:00", "🌙" * 500)


@pytest.mark.parametrize("name", policy_rules.of("manual"))
def test_whatever_is_sent_for_a_rule_that_none_is_asks_again_with_a_sentence(desk, kept, name):
    """Odd words, none at all, two for one: each is a 422 that says why, and nothing of it is kept."""
    at, seen = f"/policy/manual/{name}", desk.open("/policy/manual/ship_days").form("/policy/manual/ship_days")
    seen = {"seen": next(e.get("value") for e in seen.iter() if e.get("name") == "seen")}
    kind = policy_rules.of("manual")[name].kind
    field = "USD" if kind == "money" else "value"
    whole = {"KRW": "1", "JPY": "1"} if kind == "money" else {}
    odd = [word for word in ODD if not (kind == "money" and word == "1.5")]
    for words in (*({field: word} for word in odd), {}, {field: ["3", "4"]}):
        for way in (at, f"{at}/try"):
            page = desk.post(way, {**seen, **whole, **words}, status=422)
            assert page.all(".bad"), words
    assert kept() == {}


@pytest.mark.parametrize("seen", [None, "", "-1", "１", "9" * 30, "9999999999"])
def test_a_form_that_no_page_of_ours_drew_changes_nothing(desk, kept, seen):
    typed(desk, "ship_days", value="2")
    seen = {} if seen is None else {"seen": seen}
    for way, words in (("cancel_window", {"value": "7"}), ("ship_days/reset", {})):
        page = desk.post(f"/policy/manual/{way}", {**words, **seen}, status=422)
        assert "It does not say from which rules your page was drawn" in page.text("main")
    assert kept() == {"ship_days": 2}
