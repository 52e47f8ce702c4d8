"""The archive in bulk: ticked orders, all that were over before a day, and finding what lies there."""

from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from bare_shop import OWNER
from page import filled

from sellerweb.shop import archiving, history, returns
from sellerweb.shop.refused import Refused

MONDAY = datetime(2026, 11, 23, 3, 0, tzinfo=UTC)  # noon in Seoul
OLDER = "/orders/archive/older"


@pytest.fixture(autouse=True)
def monday():
    with time_machine.travel(MONDAY, tick=False):
        yield


@pytest.fixture
def long_ago():
    """with long_ago(): what happens in it happened two months ago."""
    return lambda: time_machine.travel(MONDAY - timedelta(days=60), tick=False)


@pytest.fixture
def bob(at_desk):
    return at_desk("Bob")


def codes(page):
    return [row.get("id").removeprefix("order-") for row in page.all(".row")]


def part(page):
    """The form that archives the next part; none when nothing is left."""
    return page.find("#older").find(".//form")


def archived(rows):
    return [o.code for o in rows("SELECT code FROM orders WHERE archived_at IS NOT NULL ORDER BY code")]


@pytest.mark.both
def test_ticked_orders_go_and_those_that_are_not_finished_are_named(bob, make_order, rows, broken):
    for code, state in (("A1", "delivered"), ("A2", "new"), ("A3", "cancelled")):
        make_order(code, state=state)
    answer = bob.post("/orders/archive", {"id": ["A1", "A2", "A3", "nothing"], "action_id": "1"}, status=303)
    said = bob.follow(answer).text(".toast")
    assert "2 orders put into the archive" in said
    assert "A2, nothing" in said
    assert archived(rows) == ["A1", "A3"]
    assert broken() == {}


def test_the_same_form_twice_archives_once(bob, make_order, rows):
    make_order("A1", state="delivered")
    for _again in range(2):
        answer = bob.post("/orders/archive", {"id": "A1", "action_id": "1"}, status=303)
        assert "1 order put into the archive" in bob.follow(answer).text(".toast")
    assert [e.verb for e in rows("SELECT verb FROM event WHERE verb = 'archive'")] == ["archive"]


def test_ticking_none_says_so(bob):
    assert "Tick the orders first" in bob.follow(bob.post("/orders/archive", {}, status=303)).text(".toast")


def test_one_comes_back_to_the_tab_that_one_ticked_on(bob, make_order):
    make_order("A1", state="delivered")
    tab = "http://localhost/orders?tab=delivered"
    assert bob.post("/orders/archive", {"id": "A1"}, Referer=tab).headers["Location"] == "/orders?tab=delivered"


def test_a_packer_archives_nothing(at_desk, make_order, rows):
    carol = at_desk("Carol")
    make_order("A1", state="delivered")
    carol.post("/orders/archive", {"id": "A1"}, status=403)
    carol.open(OLDER, status=403)
    carol.post(OLDER, {"before": "2026-11-20"}, status=403)
    assert archived(rows) == []
    assert OLDER not in [a.get("href") for a in carol.open("/orders?tab=delivered").all("a")]


@pytest.mark.both
def test_what_something_is_owed_for_is_not_archived(bob, app, make_order, long_ago, rows):
    """Neither alone, nor ticked, nor by its day."""
    with long_ago():
        make_order("A1", state="delivered")
        with app.app_context(), history.act(OWNER, "request") as act:
            case = act.order("A1")
            claim = returns.request(case, "return", dict.fromkeys(case.lines, 1), "mind")
    assert "still open" in bob.post("/orders/A1/archive", {"action_id": "1"}, status=409).text(".said")
    assert "A1" in bob.follow(bob.post("/orders/archive", {"id": "A1"}, status=303)).text(".toast")
    assert "Everything that was over" in bob.open(OLDER).text("#older")
    with long_ago(), app.app_context(), history.act(OWNER, "withdraw") as act:
        returns.withdraw(act.order("A1"), claim)
    assert "1 finished order" in bob.open(OLDER).text("#older")
    bob.post("/orders/A1/archive", {"action_id": "2"})
    assert archived(rows) == ["A1"]


# ── everything that was over before a day ──


@pytest.mark.both
def test_what_was_over_before_a_day_is_counted_and_then_archived(bob, make_order, long_ago, rows, broken, htmx):
    with long_ago():
        make_order("OLD1", state="delivered")
        make_order("OLD2", state="cancelled")
        make_order("OPEN", state="new")
    make_order("NEW", state="delivered")
    page = bob.open(f"{OLDER}?before=2026-11-20")
    assert "2 finished orders on which nothing has happened since 2026-11-20" in page.text("#older")
    page = bob.post(OLDER, filled(part(page)), htmx=htmx, status=200)
    assert "2 orders put into the archive" in page.text("#older")
    assert "Everything that was over before 2026-11-20 is in the archive" in page.text("#older")
    assert archived(rows) == ["OLD1", "OLD2"]
    assert broken() == {}


def test_what_has_happened_since_keeps_an_order_out(bob, make_order, long_ago):
    with long_ago():
        make_order("A1", state="delivered")
    assert "1 finished order" in bob.open(OLDER).text("#older")
    bob.post("/orders/A1/archive", {"action_id": "1"})
    bob.post("/orders/A1/unarchive", {"action_id": "2"})
    assert "Everything that was over" in bob.open(OLDER).text("#older")


@pytest.mark.parametrize(
    ("at", "count"), [((14, 59, 59), "1 finished order"), ((15, 0, 0), "Everything that was over")]
)
def test_a_day_begins_at_the_shops_midnight(bob, make_order, at, count):
    with time_machine.travel(datetime(2026, 11, 22, *at, tzinfo=UTC), tick=False):  # midnight in Seoul, or just before
        make_order("A1", state="delivered")
    assert count in bob.open(f"{OLDER}?before=2026-11-23").text("#older")


def test_it_goes_on_in_parts_until_nothing_is_left(bob, make_order, long_ago, rows, monkeypatch, htmx):
    monkeypatch.setattr(archiving, "CHUNK", 2)
    with long_ago():
        for n in range(5):
            make_order(f"A{n}", state="delivered")
    page, done = bob.open(OLDER), []
    assert part(page).get("hx-trigger") is None  # nothing begins by itself
    while part(page) is not None:
        assert not done or "load" in part(page).get("hx-trigger")
        page = bob.post(OLDER, filled(part(page)), htmx=htmx, status=200)
        done.append(len(archived(rows)))
    assert done == [2, 4, 5]
    assert "5 orders put into the archive" in page.text("#older")


def test_one_that_moves_on_meanwhile_is_named_and_the_rest_goes_on(bob, make_order, long_ago, rows, monkeypatch):
    with long_ago():
        for n in range(3):
            make_order(f"A{n}", state="delivered")
    page, archive = bob.open(OLDER), archiving.orders.archive

    def too_late(case):
        if case.order.code == "A1":
            raise Refused("It has moved on.")
        archive(case)

    monkeypatch.setattr(archiving.orders, "archive", too_late)
    page = bob.post(OLDER, filled(part(page)), status=200)
    assert "2 orders put into the archive" in page.text("#older")
    assert "A1 It has moved on." in page.text("#older")
    assert archived(rows) == ["A0", "A2"]


@pytest.mark.parametrize("day", ["", "yesterday", "2026-11-24", "1999-12-31", "0000-00-00", "99999-01-01"])
def test_a_day_that_cannot_be_is_refused_at_its_field(bob, make_order, rows, day):
    make_order("A1", state="delivered")
    no = bob.open(f"{OLDER}?before={day}", status=422)
    assert no.text("#before-error")
    assert bob.post(OLDER, {"before": day}, status=422).text("#before-error")
    assert archived(rows) == []


@pytest.mark.parametrize("values", [{"after": "x"}, {"done": "-1"}, {"after": "9" * 30}, {"action_id": "x" * 41}])
def test_a_broken_form_never_breaks_the_page(bob, values):
    assert bob.post(OLDER, {"before": "2026-11-20", **values}).status in (200, 422)


# ── the archive itself ──


@pytest.mark.both
def test_the_archive_has_a_tab(bob, make_order, htmx):
    for code, state in (("A1", "delivered"), ("A2", "cancelled"), ("A3", "delivered")):
        make_order(code, state=state)
    bob.post("/orders/archive", {"id": ["A1", "A2"]})
    page = bob.open("/orders?tab=archived", htmx=htmx)
    assert codes(page) == ["A2", "A1"]
    assert codes(bob.open("/orders?tab=delivered", htmx=htmx)) == ["A3"]
    assert codes(bob.open("/orders?tab=archived&channel=qoo10", htmx=htmx)) == []


def test_an_empty_archive_says_so(bob):
    assert "The archive is empty" in bob.open("/orders?tab=archived").text("#queue")


def test_the_search_finds_what_is_in_the_archive(bob, make_order, htmx):
    make_order("A1", state="delivered")
    bob.post("/orders/archive", {"id": "A1"})
    assert codes(bob.open("/orders?q=A1", htmx=htmx)) == ["A1"]
    assert codes(bob.open("/orders?q=김서준", htmx=htmx)) == ["A1"]


def test_a_long_archive_comes_in_pages(bob, make_order, change, htmx):
    for n in range(60):
        make_order(f"A{n:02}", state="cancelled")
    change("UPDATE orders SET archived_at = ordered_at")
    page = bob.open("/orders?tab=archived", htmx=htmx)
    first = codes(page)
    rest = codes(bob.open(page.find("#more").find("a").get("href"), htmx=htmx))
    assert (len(first), len(rest)) == (50, 10)
    assert first + rest == [f"A{n:02}" for n in reversed(range(60))]


def test_finished_tabs_offer_the_archive_and_open_ones_confirm(bob, make_order):
    make_order("A1", state="delivered")
    assert "past" in bob.open("/orders?tab=delivered").find("#queue").get("class").split()
    assert "past" not in bob.open("/orders").find("#queue").get("class").split()
    bar = bob.open("/orders?tab=delivered").find("#picked")
    assert {b.get("formaction") for b in bar.findall("button") if "old" in b.get("class").split()} == {
        "/orders/archive"
    }
