"""Photos between customer and shop: they arrive, only those who may see the order see them, and of a refused one nothing stays."""

from io import BytesIO

import pictures
import pytest
from page import filled

from sellerweb.kit import photos
from sellerweb.shop import attachments, clock, files, history, messages
from sellerweb.shop.attachments import ORPHANED

HERE = "/my/orders/A1"
ASK = f"{HERE}/ask"
PHOTO = pictures.photo()


def chosen(*files):
    return [(BytesIO(data), name) for name, data in files]


@pytest.fixture
def kept(app):
    """kept(): the names of all files in the store."""

    def names():
        with app.app_context():
            return sorted(path.rpartition("/")[2] for path in files._place().find(""))

    return names


@pytest.fixture(params=["folder", "memory"])
def store(request, app):
    """Another store is the same to us."""
    if request.param == "memory":
        app.config["FILES_URL"] = f"memory://{request.node.name}"


@pytest.mark.both
def test_a_photo_arrives_cleaned_and_is_seen_by_customer_and_staff(
    customer, at_desk, place, answered, rows, broken, kept, htmx, store
):
    place()
    person = customer()
    sent = {"words": "Look", "photos": chosen(("a.jpg", pictures.from_a_phone()), ("b.txt", pictures.photo("PNG")))}
    answered(person.fill(ASK, htmx=htmx, **sent), person)
    first, second = rows("SELECT * FROM attachment ORDER BY id")
    assert (first.by, first.media, first.width, first.height) == ("customer", "image/jpeg", 40, 60)
    assert first.message_id == second.message_id == rows("SELECT id FROM message")[0].id
    assert first.claim_id is None
    assert kept() == sorted(f"{p.key}{end}" for p in (first, second) for end in ("-small.jpg", ".jpg"))
    carol = at_desk("Carol")
    for who, page, at in ((person, ASK, f"{HERE}/files"), (carol, "/orders/A1", "/files")):
        shown = [e.get("src") for e in who.open(page).all("img")]
        assert f"{at}/{first.key}/small" in shown
        for end, disposition in (("", 'attachment; filename="photo.jpg"'), ("/small", "inline")):
            headers = who.open(f"{at}/{first.key}{end}").headers
            assert headers["Content-Type"] == "image/jpeg"
            assert headers["Content-Disposition"] == disposition
            assert headers["Content-Security-Policy"] == "sandbox; default-src 'none'"
            assert headers["X-Content-Type-Options"] == "nosniff"
            assert headers["Cross-Origin-Resource-Policy"] == "same-origin"
            assert headers["Cache-Control"] == "private, no-store"
    assert broken() == {}


def test_nobody_else_sees_it(customer, stranger, place, rows, at_desk, change):
    place("A1")
    place("A2")
    customer("A1").fill(ASK, words="Look", photos=chosen(("a.jpg", PHOTO)))
    key = rows("SELECT key FROM attachment")[0].key
    other = customer("A2")
    for path in (
        f"{HERE}/files/{key}",
        f"/my/orders/A2/files/{key}",
        "/my/orders/A2/files/nothing",
        f"/my/orders/A2/files/{key}/small",
    ):
        other.open(path, status=404)
    stranger.open(f"/files/{key}", status=303)
    carol = at_desk("Carol")
    carol.open("/files/nothing", status=404)
    carol.open(f"/files/{key}")
    # As with the address: nothing personal before the payment.
    change("UPDATE orders SET paid_at = NULL WHERE code = 'A1'")
    carol.open(f"/files/{key}", status=404)
    assert key not in carol.open("/orders/A1").html


def test_the_shops_photo_is_on_the_customers_page(customer, place, desk, rows, htmx):
    place()
    page = desk.open("/orders/A1/answer", htmx=htmx)
    desk.submit(
        page, "/orders/A1/answer", htmx=htmx, words="Like this", photos=chosen(("a.png", pictures.photo("PNG")))
    )
    (photo,) = rows("SELECT * FROM attachment")
    assert photo.by == "staff"
    person = customer()
    assert photo.key in person.open(ASK).html
    person.open(f"{HERE}/files/{photo.key}")


@pytest.mark.parametrize(
    ("sent", "why"),
    [
        ([("a.jpg", PHOTO), ("evil.jpg", b"<svg onload=alert(1)>")], "“evil.jpg” is not a photo"),
        ([("a.jpg", PHOTO), ("cut.jpg", pictures.photo(size=(600, 400))[:-400])], "“cut.jpg” is damaged"),
        ([("a.jpg", PHOTO), ("big.jpg", b"\xff" * 50_001)], "“big.jpg” is bigger than 20 MB"),
        ([(f"{n}.jpg", b"x") for n in range(11)], "more than 10 photos"),
    ],
    ids=["svg", "cut", "big", "eleven"],
)
@pytest.mark.parametrize("who", ["customer", "staff"])
def test_of_a_refused_one_nothing_remains_but_the_words(customer, place, desk, rows, kept, sent, why, who, monkeypatch):
    monkeypatch.setattr(photos, "BYTES", 50_000)  # the real limit has its test in tests/kit
    place()
    person, path, spot = (customer(), ASK, "") if who == "customer" else (desk, "/orders/A1/answer", "-A1")
    no = person.fill(path, words="Look at this", photos=chosen(*sent), status=422)
    assert why in no.text(f"#photos{spot}-error")
    assert no.text(f"#words{spot}") == "Look at this"
    assert rows("SELECT * FROM message") == rows("SELECT * FROM attachment") == []
    assert kept() == []


def test_a_form_that_comes_back_asks_for_the_photos_again(customer, place, app, rows, kept):
    place()
    person = customer()
    page = person.open(ASK)
    assert "10 photos at most, 20 MB each" in page.text("#photos-hint")
    no = person.submit(page, ASK, words="", photos=chosen(("a.jpg", PHOTO)), status=422)
    assert "choose the photos again" in no.text("#photos-error")
    with app.app_context(), history.act(history.Actor("staff", role="owner"), "answer") as act:
        messages.answer(act.order("A1"), "Already sent.")
    no = person.submit(page, ASK, words="Hm", photos=chosen(("a.jpg", PHOTO)), status=409)
    assert "choose the photos again" in no.text("#photos-error")
    assert kept() == []


def test_a_second_tap_keeps_one_photo(customer, place, rows, kept):
    place()
    person = customer()
    page = person.open(ASK)
    for _tap in range(2):
        person.submit(page, ASK, words="Look", photos=chosen(("a.jpg", PHOTO)), status=303)
    assert len(rows("SELECT * FROM attachment")) == 1
    assert len(kept()) == 2


def test_only_who_is_let_in_may_send_much_and_too_much_is_told(customer, stranger, place):
    place()
    person = customer()

    def weighs(who, megabytes, path=ASK):
        kind = {"CONTENT_LENGTH": str(megabytes << 20), "CONTENT_TYPE": "multipart/form-data; boundary=x"}
        return who.client.post(path, environ_overrides=kind)

    assert weighs(stranger, 33).status_code == 413
    assert weighs(person, 33, f"{HERE}/cancel").status_code == 413
    assert weighs(person, 33).status_code != 413
    no = weighs(person, 202)
    assert no.status_code == 413
    assert "10 at most, 20 MB each" in no.get_data(as_text=True)


@pytest.mark.both
def test_a_photo_of_something_broken_stands_at_its_claim(customer, place, send, desk, rows):
    place()
    send(delivered=True)
    person = customer()
    page = person.open(f"{HERE}/redelivery")
    line = next(e.get("value") for e in page.all("input") if e.get("name") == "line")
    typed = {**filled(page.form(f"{HERE}/redelivery")), "line": line, "reason": "broken", f"quantity-{line}": "1"}
    quoted = person.post(f"{HERE}/redelivery/quote", typed, status=200)
    person.submit(quoted, f"{HERE}/redelivery", photos=chosen(("a.jpg", PHOTO)), status=303)
    claim = rows("SELECT id FROM claim")[0].id
    assert [(p.claim_id, p.message_id) for p in rows("SELECT * FROM attachment")] == [(claim, None)]
    person.fill(ASK, words="One more", photos=chosen(("b.jpg", PHOTO)), status=303)
    first, later = rows("SELECT * FROM attachment ORDER BY id")
    assert later.claim_id == claim
    assert later.message_id
    page = desk.open(f"/claims/{claim}")
    assert "Photo is here" in page.html
    assert first.key in page.html
    assert later.key in page.html
    assert first.key in person.open(HERE).html


def test_what_no_row_names_is_swept_after_a_day(app, kept, place, customer, monkeypatch):
    place()
    person = customer()

    def die(*_args, **_more):
        raise SystemExit

    with monkeypatch.context() as patch:
        patch.setattr(attachments, "keep", die)
        with pytest.raises(SystemExit):
            person.fill(ASK, words="Look", photos=chosen(("a.jpg", PHOTO)))
    assert len(kept()) == 2
    person.fill(ASK, words="Look", photos=chosen(("a.jpg", PHOTO)), status=303)
    with app.app_context():
        assert attachments.sweep() == 0
        now = clock.now()
        monkeypatch.setattr(clock, "now", lambda: now + ORPHANED + ORPHANED)
        assert attachments.sweep() == 1
    assert len(kept()) == 2


def test_a_deleted_test_order_takes_its_photos_along(place, customer, desk, rows, kept, change):
    place()
    customer().fill(ASK, words="Look", photos=chosen(("a.jpg", PHOTO)), status=303)
    change("UPDATE orders SET is_test = true")
    page = desk.open("/orders/A1/delete")
    assert "Photos" in page.text("main")
    desk.submit(page, "/orders/A1/delete", order_no="A1", status=303)
    assert rows("SELECT * FROM attachment") == []
    assert kept() == []
