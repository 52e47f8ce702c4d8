"""Which language a customer's page speaks: the chosen one, else the order's, else the browser's."""

import pytest

HERE = "/my/orders/A1"
JAPAN = {
    "channel": "shopify",
    "country": "JP",
    "currency": "JPY",
    "postcode": "100-0001",
    "address": "東京都千代田区1-1",
}


def language(page):
    return page.find("html").get("lang")


@pytest.mark.parametrize(
    ("order", "spoken"),
    [({}, "ko"), (JAPAN, "ja"), ({"channel": "shopify", "country": "US", "currency": "USD"}, "en"), ({"channel": "qoo10"}, "ja")],
)  # fmt: skip
def test_an_order_speaks_its_customers_language(customer, place, order, spoken):
    place(**order)
    person = customer(lang="")
    assert language(person.open(HERE, Accept_Language="fr")) == spoken
    assert language(person.open("/my/nothing", status=404, Accept_Language="fr")) == "en"


@pytest.mark.parametrize("junk", ["", "xx", "en;q=banana", ";;;,,,", "\xff", "x" * 3000, "ko-KP-u-va-posix"])
def test_a_browser_that_asks_for_nonsense_gets_a_language(stranger, junk):
    assert language(stranger.open("/my/", Accept_Language=junk)) in ("en", "ko")


def test_the_choice_holds_on_all_pages_of_customers_and_on_none_of_the_staff(at_desk, place, link):
    alice = at_desk("Alice")
    place()
    alice.client.get(f"/my/{link()}")
    answer = alice.client.get(f"{HERE}?lang=ja")
    assert "my_lang=ja" in answer.headers["Set-Cookie"]
    assert "Path=/my" in answer.headers["Set-Cookie"]
    assert language(alice.open(HERE)) == "ja"
    assert language(alice.open("/my/nothing", status=404)) == "ja"
    assert language(alice.open("/orders")) == "en"
    alice.client.post("/language", data={"csrf_token": alice.token(), "language": "ko"})
    assert language(alice.open(HERE)) == "ja"
    assert language(alice.open("/orders")) == "ko"


@pytest.mark.parametrize("lang", ["xx", "", "<script>", "EN"])
def test_an_unknown_choice_is_none(customer, place, lang):
    place()
    person = customer(lang="")
    answer = person.client.get(HERE, query_string={"lang": lang})
    assert "my_lang" not in answer.headers.get("Set-Cookie", "")


@pytest.mark.parametrize("lang", ["ko", "ja", "en"])
def test_every_page_opens_in_every_language(customer, place, send, rows, lang):
    place()
    place("A2")
    first, second = customer("A1", lang), customer("A2", lang)
    for path in ("", "/cancel", "/readdress", "/ask"):
        page = first.open(HERE + path)
        assert language(page) == lang
        assert {a.get("lang") for a in page.all("a") if a.get("lang")} <= {"ko", "ja", "en"} - {lang}
    send("A2", delivered=True)
    for path in ("", "/return", "/exchange", "/redelivery"):
        assert language(second.open("/my/orders/A2" + path)) == lang
