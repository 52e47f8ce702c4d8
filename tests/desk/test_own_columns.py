"""A file of one's own at the desk: its columns are shown and guessed, people correct them, and the next one comes in by itself."""

import io

import pytest

from sellerweb import worker

pytestmark = pytest.mark.slow  # each file is read by a child of its own

HEADER = "주문번호,받는분,연락처,우편번호,주소,물건,수량,단가,메모"
ROWS = "A-1,김하늘,010-0000-0001,06001,서울특별시 강남구 가상대로 1,머그컵,2,12900,문 앞에\nA-2,이바다,,48001,부산광역시 해운대구 2,접시,1,24000,\n"
FILE = f"{HEADER}\n{ROWS}"


@pytest.fixture
def work(app):
    def run():
        with app.app_context():
            while worker.step():
                pass

    return run


def drop(desk, data=FILE, name="orders.csv", status=None, **more):
    desk.open("/imports")
    data = data.encode() if isinstance(data, str) else data
    values = {"file": (io.BytesIO(data), name), "password": "", "csrf_token": desk.token(), **more}
    return desk._seen(desk.client.post("/imports", data=values, content_type="multipart/form-data"), status)


@pytest.fixture
def asked(desk):
    """The matching page of a file that is dropped for the first time, and its address."""
    answer = drop(desk, status=303)
    return desk.follow(answer), answer.headers["Location"]


def chosen(page):
    """{column: what it is said to be} as the page shows it."""
    said = {}
    for label in page.all("label"):
        select = next((e for e in page.all("select") if e.get("id") == label.get("for")), None)
        if select is not None and select.get("name", "").startswith("columns-"):
            options = [o for o in select.findall("option") if o.get("selected") is not None]
            said[label.text] = options[0].get("value") if options else ""
    return said


def test_the_page_shows_columns_with_examples_and_a_guess(asked):
    page, _at = asked
    assert chosen(page) == {
        "주문번호": "order_no",
        "받는분": "receiver_name",
        "연락처": "phone",
        "우편번호": "postcode",
        "주소": "address",
        "물건": "",
        "수량": "quantity",
        "단가": "price",
        "메모": "message",
    }
    assert "머그컵 · 접시" in page.text("#columns-5-hint")
    assert "2 rows" in page.text("#main")


def test_what_is_lacking_is_said_and_what_was_chosen_stays(desk, asked, rows):
    page, at = asked
    again = desk.submit(page, at, status=422, **{"columns-8": "gift"})
    assert "Say which column is this: Product." in again.text("#main")
    assert chosen(again)["메모"] == "gift"
    assert rows("SELECT id FROM orders") == []


def test_a_field_that_was_given_two_columns_is_said_at_the_second(desk, asked):
    page, at = asked
    again = desk.submit(page, at, status=422, **{"columns-5": "product", "columns-8": "product"})
    assert "Another column is this already" in again.text("#columns-8-error")
    assert chosen(again)["메모"] == "product"


@pytest.mark.parametrize(
    "values", [{"columns-5": "no such field"}, {"currency": "XXX"}, {"columns-5": "product", "currency": ""}]
)
def test_what_no_page_of_ours_offers_is_refused(desk, asked, rows, values):
    page, at = asked
    desk.submit(page, at, status=422, **values)
    assert rows("SELECT id FROM orders") == []


def test_told_what_they_are_its_orders_come_in(desk, asked, rows, work, broken):
    page, at = asked
    answer = desk.submit(page, at, status=303, **{"columns-5": "product"})
    work()
    report = desk.follow(answer)
    assert "Read as a file of your own" in report.text("#report")
    found = rows(
        "SELECT order_no, channel, receiver_name, phone, postcode, total, currency, message FROM orders ORDER BY id"
    )
    assert [tuple(vars(o).values()) for o in found] == [
        ("A-1", "manual", "김하늘", "01000000001", "06001", 25_800, "KRW", "문 앞에"),
        ("A-2", "manual", "이바다", "", "48001", 24_000, "KRW", ""),
    ]
    assert broken() == {}


def test_the_next_file_with_these_columns_comes_in_by_itself_in_any_order(desk, asked, rows, work):
    page, at = asked
    desk.submit(page, at, status=303, **{"columns-5": "product"})
    work()
    names = HEADER.split(",")
    moved = [dict(zip(names, line.split(","), strict=True)) for line in ROWS.replace("A-", "B-").splitlines()]
    back = "\n".join(",".join(row[n] for n in names[::-1]) for row in [dict(zip(names, names, strict=True)), *moved])
    answer = drop(desk, back, status=303)
    assert answer.headers["Location"].split("/")[-1].isdigit()
    work()
    assert [o.order_no for o in rows("SELECT order_no FROM orders ORDER BY id")] == ["A-1", "A-2", "B-1", "B-2"]


def test_the_same_file_again_adds_nothing(desk, asked, rows, work):
    page, at = asked
    desk.submit(page, at, status=303, **{"columns-5": "product"})
    work()
    before = rows("SELECT id, version FROM orders"), rows("SELECT id FROM event")
    report = drop(desk, status=303)
    work()
    assert [int(e.text) for e in desk.follow(report).find(".figures").iter("dd")] == [0, 0, 2, 0]
    assert (rows("SELECT id, version FROM orders"), rows("SELECT id FROM event")) == before


def test_columns_can_be_matched_anew_beginning_with_what_was_said(desk, asked, work):
    page, at = asked
    desk.submit(page, at, status=303, **{"columns-5": "product", "columns-8": "gift"})
    work()
    again = desk.follow(drop(desk, anew="y", status=303))
    assert (chosen(again)["물건"], chosen(again)["메모"]) == ("product", "gift")


def test_a_file_that_waits_is_in_the_list_and_can_be_put_away(desk, asked, rows):
    page, at = asked
    assert "asks for its columns" in desk.open("/imports").text(".files")
    report = at.removesuffix("/columns")
    assert desk.open(report, status=303).headers["Location"] == at
    desk.submit(page, f"{report}/discard", status=303)
    assert "put away" in desk.open("/imports").text(".files")
    assert "Nothing of it came in" in desk.open(report).text("#report")
    assert desk.open(at, status=303).headers["Location"] == report
    assert rows("SELECT payload FROM import")[0].payload is None


def test_it_is_answered_once_though_two_tablets_have_the_page_open(desk, asked, rows, work):
    page, at = asked
    desk.submit(page, at, status=303, **{"columns-5": "product"})
    desk.submit(page, at, status=303, **{"columns-5": "product"})
    work()
    assert len(rows("SELECT id FROM orders")) == 2


def test_a_second_file_waits_with_what_was_chosen(desk, asked):
    page, at = asked
    desk.submit(page, at, status=303, **{"columns-5": "product"})
    second = drop(desk, FILE.replace("메모", "메모장"), status=303)
    again = desk.submit(desk.follow(second), second.headers["Location"], status=409, **{"columns-5": "product"})
    assert "still coming in" in again.text("#main")
    assert chosen(again)["물건"] == "product"


def test_only_who_sent_it_and_managers_see_its_rows(at_desk):
    carol, bob, alice = (at_desk(name) for name in ("Carol", "Bob", "Alice"))
    of_carol, of_alice = (drop(person, status=303).headers["Location"] for person in (carol, alice))
    assert "김하늘" in carol.open(of_carol).html
    assert "김하늘" in bob.open(of_carol).html
    carol.open(of_alice, status=404)
    carol.post(of_alice.replace("columns", "discard"), {}, status=404)
    assert "김하늘" in alice.open(of_alice).html


def test_names_and_examples_are_shown_as_text(desk):
    evil = '주문번호,<script>alert(1)</script>\nA-1,"<img src=x onerror=alert(1)>"\n'
    page = desk.follow(drop(desk, evil, status=303))
    assert "<script>alert" not in page.html
    assert "<img src=x" not in page.html


@pytest.mark.parametrize("path", ["/imports/999/columns", "/imports/9999999999999999999999/columns"])
def test_a_file_that_does_not_exist_is_not_found(desk, path):
    desk.open(path, status=404)
    desk.post(path, {}, status=404)


# The upload itself: recognised, or told.
def test_letters_in_doubt_are_asked_about_with_how_they_would_read(desk, rows, work):
    data = "order no,name,product\nA-1,山田,mug\n".encode("cp932")
    page = drop(desk, data, status=422)
    assert "more than one way" in page.text("#encoding-error")
    assert "Japanese (CP932)" in page.text("#encoding")
    assert "山田" in page.text("#encoding")
    answer = drop(desk, data, status=303, encoding="cp932")
    assert "山田" in desk.follow(answer).text("#main")


def test_a_channel_that_was_chosen_wrongly_is_refused_with_the_right_one(desk, rows):
    smartstore = "상품주문번호,주문번호,수취인명,주문상태,상품명,수량\n2026100710000111,2026100710000011,김하늘,신규주문,머그컵,1\n"
    page = drop(desk, smartstore, status=422, channel="qoo10")
    assert "a file of SmartStore" in page.text("#channel-error")
    assert (
        next(o for o in page.find("#channel").findall("option") if o.get("selected") is not None).get("value")
        == "qoo10"
    )
    assert rows("SELECT id FROM import") == []
    report = desk.follow(drop(desk, smartstore, status=303))
    assert "Recognised by its columns as a file of SmartStore" in report.text("#report")
    drop(desk, smartstore, status=303, channel="manual")
