"""Manuals at the desk: ours in three languages, the shop's in their place, and nobody's words overwritten."""

import pytest

from sellerweb.shop import manuals
from sellerweb.shop.replies import KINDS

AT = "/manuals/late_parcel/en"


def kept(rows):
    return [(row.key, row.words, row.version) for row in rows("SELECT key, words, version FROM manual ORDER BY key")]


def test_ours_are_there_in_three_languages_and_for_every_kind():
    sets = [{p.key: p for p in manuals._ours(language)} for language in ("ko", "ja", "en")]
    assert sets[0].keys() == sets[1].keys() == sets[2].keys()
    assert {kind for page in sets[0].values() for kind in page.kinds} == set(KINDS)
    for pages in sets:
        assert all(50 < len(page.words) < manuals.LONGEST and page.name for page in pages.values())


def test_a_packer_reads_but_does_not_change(at_desk):
    carol = at_desk("Carol")
    assert "Tell the customer before they ask" in carol.open(AT).text(".prose")
    assert AT in [a.get("href") for a in carol.open("/manuals").all("a")]
    carol.open(f"{AT}/edit", status=403)
    carol.post(f"{AT}/edit", {"words": "x"}, status=403)


def test_the_shops_words_take_the_place_of_ours_and_give_it_back(desk, rows):
    page = desk.follow(desk.fill(f"{AT}/edit", words="Call *first*.", status=303))
    assert "<em>first</em>" in page.html
    assert kept(rows) == [("late_parcel", "Call *first*.", 1)]
    desk.submit(desk.open(f"{AT}/edit"), "/manuals/late_parcel/en/reset", status=303)
    assert kept(rows) == []
    assert "before they ask" in desk.open(AT).text(".prose")


def test_a_new_one_stands_beside_its_kind_alone(desk):
    desk.fill("/manuals/new", name="Rain", words="Wrap it *twice*.", kinds=["damaged"], language="en", status=303)
    assert "Wrap it twice." in desk.open("/manuals/for/damaged", htmx=True).text("#manuals")
    assert "Wrap it" not in desk.open("/manuals/for/late", htmx=True).html
    desk.open("/manuals/for/nothing", status=404)


def test_one_that_is_retired_is_offered_no_more(desk):
    assert "A late parcel" in desk.open("/manuals/for/late", htmx=True).html
    desk.fill(f"{AT}/edit", retired="y", status=303)
    assert "A late parcel" not in desk.open("/manuals/for/late", htmx=True).html
    assert "A late parcel" in desk.open("/manuals").html


def test_of_two_who_change_one_the_second_sees_both(at_desk, rows):
    alice, bob = at_desk("Alice"), at_desk("Bob")
    hers, his = alice.open(f"{AT}/edit"), bob.open(f"{AT}/edit")
    bob.submit(his, f"{AT}/edit", words="Bob's words", status=303)
    no = alice.submit(hers, f"{AT}/edit", words="Alice's words", status=409)
    assert "Alice's words" in no.text("textarea")
    assert "Bob's words" in no.html.replace("&#39;", "'")
    alice.submit(no, f"{AT}/edit", status=303)
    again = bob.submit(bob.open(f"{AT}/edit"), f"{AT}/edit", words="third", status=303)
    assert again.status == 303
    assert kept(rows) == [("late_parcel", "third", 3)]


def test_our_words_do_not_come_back_over_somebody_elses(at_desk, rows):
    alice, bob = at_desk("Alice"), at_desk("Bob")
    alice.fill(f"{AT}/edit", words="one", status=303)
    seen = alice.open(f"{AT}/edit")
    bob.fill(f"{AT}/edit", words="two", status=303)
    alice.submit(seen, "/manuals/late_parcel/en/reset", status=409)
    assert kept(rows) == [("late_parcel", "two", 2)]


def test_the_preview_shows_what_is_typed_and_saves_nothing(desk, rows, htmx):
    page = desk.open(f"{AT}/edit")
    shown = desk.post(
        "/manuals/preview", {"words": "**bold** <script>alert(1)</script>", "name": "x"}, htmx=htmx, status=200
    )
    assert "<strong>bold</strong>" in shown.html
    assert "<script>alert" not in shown.html
    assert page.find("#preview") is not None
    assert kept(rows) == []


@pytest.mark.parametrize(
    "typed", [{"words": " "}, {"words": "가" * 10_001}, {"name": ""}, {"kinds": ["weather"]}, {"name": "n" * 101}]
)
def test_what_cannot_be_kept_comes_back_as_it_was_typed(desk, rows, typed):
    values = {"name": "Rain", "words": "Wrap it.", "language": "en", "action_id": "a1", **typed}
    page = desk.post("/manuals/new", values, status=303 if "kinds" in typed else 422)
    if page.status == 422:
        assert page.text("textarea") == values["words"].strip()
        assert kept(rows) == []
    else:
        assert rows("SELECT kinds FROM manual")[0].kinds == ""


def test_hostile_words_of_a_colleague_are_text_everywhere(desk):
    hostile = "<script>alert(1)</script> ![x](https://elsewhere.example/x.png) [x](javascript:alert(1))"
    desk.fill("/manuals/new", name="<b>x", words=hostile, kinds=["late"], language="en", status=303)
    key = next(a.get("href") for a in desk.open("/manuals").all("a") if "own-" in (a.get("href") or ""))
    for path in (key, f"{key}/edit", "/manuals", "/manuals/for/late"):
        html = desk.open(path).html
        assert "<script>alert" not in html
        assert 'src="https://elsewhere' not in html
        assert 'href="javascript' not in html
        assert "<b>x" not in html
