"""Reply templates at the desk: choosing one, how it will read, what is refused, and the shop's own words."""

from dataclasses import replace
from datetime import UTC, datetime

import pytest
import time_machine

from sellerweb.shop import history, messages, own_words, replies
from sellerweb.shop.replies import KINDS

MONDAY = datetime(2026, 11, 23, 3, 0, 0, tzinfo=UTC)
EDIT = "/replies/where_shipped/ko"


@pytest.fixture(autouse=True)
def clock():
    with time_machine.travel(MONDAY, tick=False) as clock:
        yield clock


@pytest.fixture
def asked(app, make_order):
    """A1, whose customer has asked where it is."""
    make_order("A1", channel="manual", buyer_email="kim@example.kr")
    with app.app_context(), history.act(history.CUSTOMER, "ask") as act:
        messages.ask(act.order("A1"), "언제 오나요?")


@pytest.fixture
def said(rows):
    """said(): what the shop has answered, oldest first."""
    return lambda: [row.words for row in rows("SELECT words FROM message WHERE sender = 'staff' ORDER BY id")]


def groups(page):
    return [e.get("label") for e in page.all("optgroup")]


def offered(page):
    return [e.get("value") for e in page.all("option") if e.get("value")]


def chosen(person, page, template, htmx, **typed):
    """The page after choosing: of htmx only the words come back."""
    form = page.form("/orders/A1/answer")
    data = {
        e.get("name"): e.get("value") or "" for e in form.iter("input") if e.get("name") and e.get("type") == "hidden"
    }
    values = {**data, "template": template, **typed}
    return person.post("/orders/A1/answer/choose", values, htmx=htmx, status=200)


def test_the_stages_own_templates_come_first_in_the_customers_language(desk, asked):
    page = desk.open("/orders/A1/answer")
    assert groups(page)[0] == "Suggested: New"
    first = next(iter(page.all("optgroup")))
    assert {o.get("value") for o in first} >= {"where_not_shipped.ko", "cancel_how.ko"}
    assert "where_shipped.ko" not in {o.get("value") for o in first}
    assert len(offered(page)) == len(set(offered(page))) == 45


def test_a_chosen_template_comes_below_what_was_typed_and_shows_how_it_will_read(desk, asked, htmx, said):
    page = chosen(desk, desk.open("/orders/A1/answer"), "cancel_how.ko", htmx, words="잠시만요.")
    field = page.text("textarea")
    assert field.startswith("잠시만요.")
    assert "[주문번호]" in field
    assert "주문 A1은 아직 보내지 않았어요" in page.text("#shown-A1")
    assert said() == []


def test_another_choice_takes_the_place_of_the_first(desk, asked, htmx):
    page = desk.open("/orders/A1/answer")
    first = replies.FOLDER.joinpath("ko.toml").read_text(encoding="utf-8")
    assert "아직 보내지 않았어요" in first
    words = chosen(desk, page, "cancel_how.ko", True).text("textarea")
    assert "아직 보내지 않았어요" in words
    raw = next(t.words for t in replies._ours("ko") if t.key == "cancel_how")
    again = chosen(desk, page, "address_how.ko", htmx, words=raw).text("textarea")
    assert "아직 보내지 않았어요" not in again
    assert "배송지를 바꿀 수 있어요" in again


def test_an_answer_is_filled_when_it_is_sent(at_desk, asked, answered, said, rows, htmx):
    carol = at_desk("Carol")
    page = carol.open("/orders/A1/answer", htmx=htmx)
    words = "[고객명]님, [商品名]\n[status] · [가게이름]"
    answered(carol.submit(page, "/orders/A1/answer", htmx=htmx, words=words), carol)
    [sent] = said()
    assert sent.startswith("김서준님, - 크라프트 노트 A5")
    assert sent.endswith("주문 확인 · 달빛문구")
    (letter,) = rows('SELECT "values" FROM notice')
    assert "[" not in str(letter.values).replace("[달빛문구]", "")


@pytest.mark.parametrize("words", ["[쿠폰] 드려요", "[환불금액]", "번호는 [송장번호]예요"])
def test_what_cannot_be_filled_is_refused_named_and_kept(desk, asked, said, rows, words, htmx):
    page = desk.submit(desk.open("/orders/A1/answer"), "/orders/A1/answer", htmx=htmx, words=words, status=422)
    name = words[words.index("[") : words.index("]") + 1]
    assert name in page.text("#words-A1-error")
    assert page.text("textarea") == words
    assert name in page.text("#shown-A1")
    assert said() == []
    assert rows("SELECT id FROM notice") == []


def test_a_product_that_is_called_like_a_placeholder_stays_one(app, desk, make_order, said):
    from sellerweb.shop.incoming import LineIn

    make_order("A1", channel="manual", lines=[LineIn("A1-1", "[고객명] [쿠폰]", 1, "new", total=1000)])
    desk.submit(desk.open("/orders/A1/answer"), "/orders/A1/answer", words="[상품명]")
    assert said() == ["- [고객명] [쿠폰] × 1"]


def test_time_left_is_told_and_that_it_is_past(app, desk, asked, clock, change, said):
    change("UPDATE orders SET ship_due_at = '2026-11-23 07:30:00.000000'")
    page = desk.open("/orders/A1/answer")
    assert "4시간 30분" in chosen(desk, page, "", True, words="[남은시간]").text("#shown-A1")
    clock.shift(5 * 3600)
    assert "발송 기한이 지났어요" in chosen(desk, page, "", True, words="[残り時間]").text("#shown-A1")


def test_the_day_is_the_promised_one_or_the_one_by_which_it_must_leave(desk, asked, change):
    change("UPDATE orders SET ship_due_at = '2026-11-24 07:00:00.000000'")
    page = desk.open("/orders/A1/answer")
    assert "11월 24일(화)까지" in chosen(desk, page, "where_not_shipped.ko", True).text("#shown-A1")
    change("UPDATE orders SET promised_on = '2026-11-25'")
    assert "11월 25일(수)까지" in chosen(desk, page, "where_not_shipped.ko", True).text("#shown-A1")


def test_the_preview_follows_what_is_typed_and_writes_nothing(desk, asked, rows, htmx):
    before = rows("SELECT count(*) AS n FROM action")[0].n
    values = {"words": "[주문번호] <b>x</b>", "version": "2"}
    page = desk.post("/orders/A1/answer/preview", values, htmx=htmx, status=200)
    assert "A1 <b>x</b>" in page.text("#shown-A1")
    assert "<b>x</b>" not in page.html
    assert rows("SELECT count(*) AS n FROM action")[0].n == before


def test_words_that_blame_are_pointed_at_once(desk, asked, said, htmx):
    page = desk.open("/orders/A1/answer", htmx=htmx)
    asks = desk.submit(page, "/orders/A1/answer", htmx=htmx, words="그건 고객님  잘못이에요.", status=422)
    assert "“고객님 잘못” can read as blame" in asks.text("#words-A1-error")
    assert asks.text("textarea") == "그건 고객님 잘못이에요."
    assert said() == []
    desk.submit(asks, "/orders/A1/answer", htmx=htmx, sure="y")
    assert len(said()) == 1


def test_the_shop_keeps_the_list_of_phrases(desk, asked, said):
    page = desk.open("/replies/phrases")
    assert "고객님 잘못" in page.text("textarea")
    desk.fill("/replies/phrases", phrases="Ｎｏ Way\n\nno way", status=303)
    desk.fill("/orders/A1/answer", words="고객님 잘못이에요")
    assert said() == ["고객님 잘못이에요"]
    assert "can read as blame" in desk.fill("/orders/A1/answer", words="NO WAY!", status=422).html
    assert "200 phrases" in desk.fill("/replies/phrases", phrases="x" * 61, status=422).html
    desk.fill("/replies/phrases", phrases="", status=303)
    desk.fill("/orders/A1/answer", words="no way", status=303)


def test_words_are_saved_as_a_template_and_offered_in_that_stage(desk, asked, htmx, said):
    page = desk.open("/orders/A1/answer")
    values = {
        e.get("name"): e.get("value") for e in page.form("/orders/A1/answer").iter("input") if e.get("type") == "hidden"
    }
    after = desk.post("/orders/A1/answer/keep", {**values, "words": "[고객명]님, 곧 보내요"}, htmx=htmx, status=200)
    assert "Saved as a template" in after.text(".toast")
    assert after.text("textarea") == "[고객명]님, 곧 보내요"
    again = desk.open("/orders/A1/answer")
    assert "[고객명]님, 곧 보내요" in "".join(next(iter(again.all("optgroup"))).itertext())
    desk.post("/orders/A1/answer/keep", {**values, "words": "[쿠폰]"}, htmx=htmx, status=422)
    assert said() == []


def test_a_packer_answers_with_templates_and_changes_none(at_desk, asked):
    carol = at_desk("Carol")
    page = carol.open("/orders/A1/answer")
    assert offered(page)
    assert "Save as template" not in page.html
    for path in ("/replies", "/replies/new", EDIT, "/replies/phrases"):
        carol.open(path, status=403)
    for path in ("/replies/new", EDIT, "/replies/phrases", f"{EDIT}/reset", "/orders/A1/answer/keep"):
        carol.post(path, {"words": "x"}, status=403)


def test_ours_are_changed_retired_and_come_back(desk, asked):
    page = desk.fill(EDIT, name="어디쯤", words="[송장번호]", stages="new", kind="late", status=303)
    listed = desk.follow(page).text("main")
    assert "어디쯤" in listed
    assert "your words" in listed
    assert "where_shipped.ko" in offered(desk.open("/orders/A1/answer"))
    desk.fill(EDIT, retired="y", status=303)
    assert "where_shipped.ko" not in offered(desk.open("/orders/A1/answer"))
    page = desk.submit(desk.open(EDIT), f"{EDIT}/reset", status=303)
    assert "배송 문의 (발송 후)" in desk.follow(page).text("main")
    assert "where_shipped.ko" in offered(desk.open("/orders/A1/answer"))


@pytest.mark.parametrize("before", [0, 1], ids=["as it came", "changed before"])
def test_who_saves_second_is_told_and_keeps_what_was_typed(at_desk, before):
    alice, bob = at_desk("Alice"), at_desk("Bob")
    for _ in range(before):
        alice.fill(EDIT, words="zuerst", status=303)
    late = bob.open(EDIT)
    alice.fill(EDIT, words="Alice's", status=303)
    no = bob.submit(late, EDIT, words="Bob's", status=409)
    assert "Somebody has changed these words meanwhile" in no.html
    assert no.text("textarea") == "Bob's"
    assert no.text(".box") == "Their words nowAlice's"
    bob.submit(no, EDIT, status=303)
    assert bob.open(EDIT).text("textarea") == "Bob's"


def test_the_same_form_twice_makes_one_template(desk, rows):
    page = desk.open("/replies/new")
    for _ in range(2):
        desk.submit(page, "/replies/new", name="x", words="y", status=303)
    assert len(rows("SELECT key FROM reply_template")) == 1


@pytest.mark.parametrize(
    ("typed", "why"),
    [
        ({"name": " "}, "Type a name"), ({"name": "x" * 101}, "Type a name"), ({"words": ""}, "Write something first"),
        ({"words": "x" * 4001}, "That is too long"), ({"words": "[쿠폰]"}, "[쿠폰]"), ({"kind": "nothing"}, "Choose one"),
        ({"stages": "nowhere"}, ""), ({"language": "xx"}, "Choose one"), ({"version": "x" * 99}, ""),
    ],
)  # fmt: skip
def test_an_odd_template_is_refused_in_words_or_harmless(desk, rows, typed, why):
    values = {"name": "n", "words": "w", "kind": "late", "language": "ko", "stages": "new", **typed}
    page = desk.post("/replies/new", values)
    assert page.status == (422 if why else 303)
    assert why in page.html
    assert len(rows("SELECT key FROM reply_template")) == (0 if why else 1)


@pytest.mark.both
def test_of_two_who_change_ours_at_once_one_hears_of_it(context):
    it = next(t for t in replies._ours("ko"))
    with history.act(history.Actor("staff"), "change_reply") as act:
        replies.save(act, it)
        with pytest.raises(own_words.Changed):
            replies.save(act, it)
    with history.act(history.Actor("staff"), "change_reply") as act:
        again = replace(it, version=1)
        replies.save(act, again)
        with pytest.raises(own_words.Changed):
            replies.save(act, again)
        with pytest.raises(own_words.Changed):
            replies.reset(act, again)


def test_ours_say_the_same_in_every_language_and_blame_nobody():
    from sellerweb.shop import blame, placeholders

    all_of = {language: {t.key: t for t in replies._ours(language)} for language in ("ko", "ja", "en")}
    assert len(all_of["ko"]) == 15
    assert {t.kind for t in all_of["ko"].values()} == set(KINDS)
    for key, korean in all_of["ko"].items():
        for language in ("ja", "en"):
            other = all_of[language][key]
            replies.check(other)
            assert (other.kind, other.stages) == (korean.kind, korean.stages)
            assert "customer" in placeholders.used(other.words)
        assert "니다" not in korean.words
    assert not [t for ours in all_of.values() for t in ours.values() if blame.found(list(blame.ours()), t.words)]
