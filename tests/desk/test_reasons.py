"""Why orders are undone: each number is right, leads to its orders, and stands in the CSV as on the page."""

import csv
import io
from datetime import UTC, date, datetime, timedelta
from urllib.parse import urlencode

import pytest
import time_machine
from bare_shop import OWNER

from sellerweb.desk.claim_words import KINDS, REASON
from sellerweb.shop import cancels, fees, history, reasons, redeliveries, returns, states
from sellerweb.shop.incoming import LineIn

NOW = datetime(2026, 11, 25, 3, 0, tzinfo=UTC)  # Wednesday noon in Seoul
PAGE, CSV, ORDERS = "/reasons", "/reasons.csv", "/reasons/orders"


@pytest.fixture(autouse=True)
def now():
    with time_machine.travel(NOW, tick=False):
        yield


@pytest.fixture
def bob(at_desk):
    return at_desk("Bob")


@pytest.fixture
def claim(app):
    """claim("A1", "mind", kind="return", pieces=2, weeks_ago=1): asked by staff; its id."""

    def ask(code, reason, *, kind="cancel", pieces=1, lines=None, weeks_ago=0, at=None):
        then = at or NOW - timedelta(weeks=weeks_ago)
        with time_machine.travel(then, tick=False), app.app_context(), history.act(OWNER, "claim") as act:
            case = act.order(code)
            about = dict.fromkeys(list(case.lines)[:lines], pieces)
            note = "왜냐하면" if reason == "other" else ""
            if kind == "cancel":
                return cancels.cancel(case, about, reason, note)
            if kind == "redelivery":
                return redeliveries.report(case, about, reason, note)
            return returns.request(case, kind, about, reason, note)

    return ask


@pytest.fixture
def season(make_order, claim):
    """Six orders of which four were undone: two cancels, two returns, in two channels and three weeks."""
    make_order("N1", quantity=3)
    make_order("N2", quantity=2)
    make_order("S1", channel="shopify", state="delivered")
    make_order("S2", channel="shopify", state="delivered", lines=[line("pen", 2), line("ink", 1)])
    make_order("OK1")
    make_order("OK2", ordered_at=NOW - timedelta(weeks=1))
    claim("N1", "sold_out", pieces=2)
    claim("N2", "sold_out", weeks_ago=1)
    claim("S1", "mind", kind="return", weeks_ago=2)
    claim("S2", "mind", kind="return")


def line(name, quantity):
    return LineIn(name, name, quantity, "delivered", total=1000, sku=f"SKU-{name}")


def table(page):
    """{row's heading: [its fields]}, as a person reads them."""
    rows = [row for row in page.find("table").iter("tr") if row.find("td") is not None]
    return {text(row.find("th")): [text(field) for field in row.findall("td")] for row in rows}


def text(element):
    return " ".join("".join(element.itertext()).split())


def sheet(page):
    raw = page.response.get_data()
    assert raw.startswith(b"\xef\xbb\xbf")  # spreadsheets take it for their own code page else
    return list(csv.reader(io.StringIO(raw.decode("utf-8-sig"))))


def numbers(page):
    """All numbers of the table with the addresses that they lead to: [(claims, pieces, address)]."""
    fields = [a for a in page.find("table").iter("a") if a.get("href", "").startswith(ORDERS)]
    return [(*(int(n) for n in text(a).split(" / ")), a.get("href")) for a in fields]


def behind(page):
    return [row.get("id").removeprefix("order-") for row in page.all(".row")]


@pytest.mark.both
def test_the_table_counts_claims_and_pieces_by_reason_product_channel_and_week(bob, season):
    rows = table(bob.open(PAGE))
    assert rows == {
        "Cancels · Sold out": ["–", "1 / 1", "1 / 2", "2 / 3", "33.3%"],
        "크라프트 노트 A5 SmartStore": ["–", "1 / 1", "1 / 2", "2 / 3", "33.3%"],
        "Returns · Change of mind": ["1 / 1", "–", "1 / 2", "2 / 3", "33.3%"],
        "ink Shopify": ["–", "–", "1 / 1", "1 / 1", "16.7%"],
        "pen Shopify": ["–", "–", "1 / 1", "1 / 1", "16.7%"],
        "크라프트 노트 A5 Shopify": ["1 / 1", "–", "–", "1 / 1", "16.7%"],
        "All claims": ["1 / 1", "1 / 1", "2 / 4", "4 / 6", "66.7%"],
        "All orders": ["0", "1", "5", "6", ""],  # the five weeks without a claim are left out
    }


def test_a_claim_about_two_products_is_one_claim(bob, season):
    page = bob.open(f"{PAGE}?kind=return&since=2026-11-23")
    assert table(page)["Returns · Change of mind"][0] == "1 / 2"
    assert "Claims1Pieces2Orders1" in page.text(".figures")


@pytest.mark.both
@pytest.mark.parametrize(
    "query", ["", "?kind=return", "?channel=smartstore", "?nothing=1", "?since=2026-11-16&until=2026-11-22"]
)
def test_each_number_leads_to_its_orders(bob, season, claim, make_order, app, query):
    make_order("W1", quantity=2)
    with app.app_context(), history.act(OWNER, "request") as act:
        case = act.order("W1")
        cancels.withdraw(case, cancels.request(case, dict.fromkeys(case.lines, 1), "wish"))
    found = numbers(bob.open(PAGE + query))
    assert found
    for claims, pieces, address in found:
        page = bob.open(address)
        assert f"Claims: {claims}, pieces: {pieces}, {claims} order" in page.text(
            "main"
        )  # here each order has one claim
        assert len(behind(page)) == claims


@pytest.fixture
def pen(season, rows):
    """The product that the import made of the pen."""
    return str(rows("SELECT id FROM product WHERE sku = 'SKU-pen'")[0].id)


def test_the_orders_are_the_right_ones(bob, pen):
    def ask(**words):
        return behind(bob.open(f"{ORDERS}?{urlencode(words)}"))

    assert ask() == ["S2", "S1", "N2", "N1"]
    assert ask(reason="sold_out") == ["N2", "N1"]
    assert ask(reason="sold_out", since="2026-11-16", until="2026-11-16") == ["N2"]
    assert ask(kind="return", channel="shopify") == ["S2", "S1"]
    assert ask(product=pen) == ["S2"]
    assert ask(product="~크라프트 노트 A5", kind="return") == ["S1"]
    assert ask(reason="fraud") == []


def test_orders_behind_a_number_open_in_their_place(bob, season):
    page = bob.open(f"{ORDERS}?reason=sold_out")
    look = next(
        a.get("href") for a in page.find("#order-N1").iter("a") if a.get("hx-get", "").endswith(("/look", "/ship"))
    )
    assert bob.open(look, htmx=True).all("#order-N1")


def test_many_orders_come_in_pages(bob, make_order, claim):
    for n in range(53):
        make_order(f"A{n:02}")
        claim(f"A{n:02}", "wish")
    first = bob.open(f"{ORDERS}?reason=wish")
    more = next(a.get("href") for a in first.find("#queue").iter("a") if "after=" in a.get("href", ""))
    assert behind(first) + behind(bob.open(more)) == [f"A{n:02}" for n in reversed(range(53))]


@pytest.mark.parametrize(
    "query", ["", "?kind=return", "?reason=mind&channel=shopify", "?since=2026-09-01&until=2026-11-16", "?nothing=1"]
)
def test_the_csv_has_the_same_numbers(bob, season, query):
    page, rows = bob.open(PAGE + query), sheet(bob.open(CSV + query))
    if not page.all("table"):
        assert rows[1:] == [["all"] * 4 + ["0"] * (len(rows[0]) - 5) + ["0.0%"]]
        return
    shown = [fields for name, fields in table(page).items() if name != "All orders"]
    busy = [n for n in range(4, len(rows[0]) - 4, 2) if rows[-1][n] != "0"]  # the page leaves the other weeks out
    for fields, row in zip(shown, rows[1:], strict=True):
        assert len(row) == len(rows[0])
        pairs = [f"{row[n]} / {row[n + 1]}" if row[n] != "0" else "–" for n in (*busy, len(row) - 4)]
        assert [*pairs, row[-1]] == fields


def test_the_csv_names_its_rows_and_columns(bob, season):
    rows = sheet(bob.open(f"{CSV}?since=2026-11-16"))
    assert rows[0] == [
        "Kind", "Reason", "Product", "Channel", "2026-11-16 claims", "2026-11-16 pieces", "2026-11-23 claims",
        "2026-11-23 pieces", "Claims", "Pieces", "Orders", "Of all orders",
    ]  # fmt: skip
    assert rows[1][:4] == ["Cancels", "Sold out", "all", "all"]
    assert rows[2] == [
        "Cancels",
        "Sold out",
        "크라프트 노트 A5",
        "SmartStore",
        "1",
        "1",
        "1",
        "2",
        "2",
        "3",
        "2",
        "33.3%",
    ]
    assert rows[-1][:4] == ["all"] * 4


@pytest.mark.parametrize("name", ["=1+1", "+1", "-1", "@x", "\t=1"])
def test_no_cell_of_the_csv_is_a_formula(bob, make_order, claim, name):
    make_order("A1", lines=[LineIn("1", name, 1, "new", total=1000)])
    claim("A1", "wish")
    cells = [cell for row in sheet(bob.open(CSV)) for cell in row]
    assert any(cell.strip("'\t") == name.strip() for cell in cells)
    assert not [cell for cell in cells if cell.startswith(("=", "+", "-", "@", "\t", "\r"))]


# ── what counts ──


def test_what_came_to_nothing_is_left_out_and_counted_by_itself(bob, app, make_order):
    make_order("A1", quantity=4)
    for verb in ("withdraw", "refuse", None):
        with app.app_context(), history.act(OWNER, "request") as act:
            case = act.order("A1")
            asked = cancels.request(case, dict.fromkeys(case.lines, 1), "wish")
            if verb == "withdraw":
                cancels.withdraw(case, asked)
            if verb == "refuse":
                cancels.refuse(case, asked, "이미 나갔어요")
    page = bob.open(PAGE)
    assert table(page)["All claims"][-2] == "1 / 1"
    assert "Left out: 2 claims that came to nothing" in page.text("main")
    other = bob.open(next(a.get("href") for a in page.all("a") if "nothing=1" in a.get("href", "")))
    assert table(other)["All claims"][-2] == "2 / 2"
    assert "refused, withdrawn" in other.text("main")


def test_test_orders_are_left_out(bob, season, change):
    change("UPDATE orders SET is_test = true WHERE code IN ('N1', 'OK1')")
    rows = table(bob.open(PAGE))
    assert rows["All claims"][-2] == "3 / 4"
    assert rows["All orders"][-2] == "4"


@pytest.mark.parametrize(
    ("at", "week"),
    [
        (datetime(2026, 11, 22, 14, 59, 59, tzinfo=UTC), "2026-11-16"),  # a second before Monday in Seoul
        (datetime(2026, 11, 22, 15, 0, tzinfo=UTC), "2026-11-23"),
    ],
)
def test_a_week_begins_on_the_shops_monday(bob, make_order, claim, at, week):
    with time_machine.travel(at, tick=False):
        make_order("A1")
    claim("A1", "wish", at=at)
    for monday in ("2026-11-16", "2026-11-23"):
        found = behind(bob.open(f"{ORDERS}?since={monday}&until={monday}"))
        assert found == (["A1"] if monday == week else [])


@pytest.mark.parametrize(
    ("since", "until", "expected"),
    [
        (None, None, (date(2026, 10, 5), date(2026, 11, 29))),  # eight weeks, this one with them
        (date(2026, 11, 18), date(2026, 11, 18), (date(2026, 11, 16), date(2026, 11, 22))),
        (date(2026, 11, 16), date(2026, 11, 22), (date(2026, 11, 16), date(2026, 11, 22))),
        (None, date(2026, 10, 1), (date(2026, 8, 10), date(2026, 10, 4))),
        (date(2027, 5, 1), None, (date(2026, 11, 23), date(2026, 11, 29))),  # nothing is in the future
        (date(2026, 11, 1), date(2030, 1, 1), (date(2026, 10, 26), date(2026, 11, 29))),
        (date(2026, 11, 20), date(2026, 11, 2), (date(2026, 11, 2), date(2026, 11, 8))),
        (date(2000, 1, 1), None, (date(2025, 11, 24), date(2026, 11, 29))),  # a year at most
    ],
)
def test_a_period_is_whole_weeks(since, until, expected):
    assert reasons.period(since, until, date(2026, 11, 25)) == expected


def test_a_shorter_period_has_fewer_columns(bob, season):
    page = bob.open(f"{PAGE}?since=2026-11-16&until=2026-11-20")
    assert table(page)["All claims"] == ["1 / 1", "1 / 1", "100.0%"]


@pytest.mark.parametrize(
    "query",
    [
        "?since=x&until=y",
        "?since=0000-00-00",
        "?kind=a&reason=b&channel=c&product=d",
        "?product=%00",
        "?after=x",
        "?nothing=2",
    ],
)
def test_an_address_that_makes_no_sense_never_breaks_the_page(bob, season, query):
    for path in (PAGE, ORDERS, CSV):
        bob.open(path + query)


def test_an_empty_shop_says_so(bob):
    page = bob.open(PAGE)
    assert "Nobody asked to undo anything" in page.text("main")
    assert not page.all("table")
    assert "–" in page.text(".figures")


# ── how it is shown ──


def test_the_chart_is_one_picture_that_says_its_numbers(bob, season):
    chart = next(svg for svg in bob.open(PAGE).all("svg") if svg.get("role") == "img")
    assert chart.get("aria-label").endswith("Nov 09: 1, Nov 16: 1, Nov 23: 2")
    bars = chart.findall("rect")
    assert len(bars) == 4  # a bar for each kind of each week
    assert {bar.get("fill") for bar in bars} == {"currentColor"}
    assert {bar.get("class") for bar in bars} == {"b-info", "b-warn"}


def test_the_filter_keeps_what_was_chosen(bob, pen):
    page = bob.open(f"{PAGE}?reason=mind&product={pen}&since=2026-11-16")
    chosen = {
        s.get("name"): [o.get("value") for o in s.iter("option") if o.get("selected") is not None]
        for s in page.all("select")
    }
    assert chosen == {"kind": [], "reason": ["mind"], "product": [pen], "channel": []}
    assert page.find("#since").get("value") == "2026-11-16"
    assert table(page)["pen Shopify"][-2] == "1 / 1"


def test_a_long_table_begins_with_the_reasons_alone(bob, season, monkeypatch):
    monkeypatch.setattr("sellerweb.desk.reasons.SHORT", 3)
    page = bob.open(PAGE)
    assert list(table(page)) == ["Cancels · Sold out", "Returns · Change of mind", "All claims", "All orders"]
    whole = next(a.get("href") for a in page.all("a") if "whole=1" in a.get("href", ""))
    assert len(table(bob.open(whole))) == 8
    one = next(a.get("href") for a in page.find("table").iter("a") if "reason=mind" in a.get("href", ""))
    assert list(table(bob.open(one)))[:2] == ["Returns · Change of mind", "ink Shopify"]


def test_a_long_table_is_cut_and_says_so(bob, season, monkeypatch):
    monkeypatch.setattr("sellerweb.desk.reasons.MOST_LINES", 3)
    page = bob.open(PAGE)
    assert list(table(page)) == [
        "Cancels · Sold out",
        "크라프트 노트 A5 SmartStore",
        "Returns · Change of mind",
        "All claims",
        "All orders",
    ]
    assert "first 3 rows" in page.text("main")
    assert len(sheet(bob.open(CSV))) == 8


@pytest.mark.parametrize("language", ["ko", "ja", "en"])
def test_it_speaks_three_languages(bob, season, language):
    bob.client.set_cookie("language", language)
    for path in (PAGE, f"{ORDERS}?reason=mind"):
        bob.open(path)


def test_packers_do_not_see_it(at_desk, stranger):
    carol = at_desk("Carol")
    for path in (PAGE, ORDERS, CSV):
        carol.open(path, status=403)
        stranger.open(path, status=303)
    assert PAGE not in [a.get("href") for a in carol.open("/orders").all("a")]
    assert PAGE in [a.get("href") for a in at_desk("Bob").open("/orders").all("a")]


# ── words ──


def test_every_reason_and_kind_has_a_word():
    assert {reason.code for of_kind in fees.REASONS.values() for reason in of_kind} <= set(REASON)
    assert tuple(KINDS) == states.CLAIM_KINDS


def test_what_came_to_nothing_is_a_state_that_there_is():
    assert set(reasons.NOTHING) <= set(states.CLAIM_STATES)
