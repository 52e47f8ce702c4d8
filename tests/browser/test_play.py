"""An hour of thirty questions of the usual mix, answered in a real browser: how many taps, how many page loads."""

from datetime import timedelta

import pytest

from sellerweb.shop import clock, history, messages, shipments, talk, threads

pytestmark = pytest.mark.browser
MOST_TAPS, PAGE_LOADS = 70, 1
# What they ask, whether the parcel has left, what is done about it, and how often.
MIX = (
    ("택배 언제 오나요?", True, "answer", 8),
    ("언제 발송되나요? 언제쯤 받을까요?", False, "answer", 4),
    ("주문을 취소해 주세요.", False, "cancel", 3),
    ("취소하려면 어떻게 하나요?", False, "answer", 2),
    ("주소를 잘못 적었어요. 12층이 아니라 21층이에요.", False, "readdress", 2),
    ("배송지 주소를 바꿀 수 있나요?", False, "answer", 2),
    ("반품하고 싶어요.", True, "answer", 2),
    ("큰 걸로 교환하고 싶어요.", True, "answer", 2),
    ("컵이 깨져서 왔어요.", True, "answer", 3),
    ("무지 노트도 재입고 되나요?", False, "type", 2),
)


class Hand:
    """Presses, and counts what it pressed."""

    def __init__(self, page) -> None:
        self.page, self.taps, self.loads = page, 0, 0
        page.on("request", self._asked)

    def _asked(self, request) -> None:
        self.loads += request.is_navigation_request()

    def tap(self, selector: str) -> None:
        self.page.locator(selector).first.click()
        self.taps += 1

    def type(self, words: str) -> None:
        """Into the field that has the focus already."""
        self.page.keyboard.type(words)


@pytest.fixture
def asked(live):
    """Thirty questions about thirty orders, mixed; all that other tests left to be answered is out of the way."""
    with live.app.app_context():
        for (key,) in live.rows("SELECT id FROM thread WHERE state <> 'solved'"):
            with history.act(history.CLOCK, "solve") as act:
                threads.solve(talk.take(act, key))
    todo = [(words, gone, what) for words, gone, what, times in MIX for _n in range(times)]
    todo = todo[::3] + todo[1::3] + todo[2::3]
    for n, (words, gone, _what) in enumerate(todo):
        code = live.order(f"PLAY-{n:02}", channel="manual", buyer_email="kim@example.kr", paid_at=clock.now())
        (line,) = live.rows(
            "SELECT l.id FROM order_line l JOIN orders o ON o.id = l.order_id WHERE o.code = :c", c=code
        )
        with live.app.app_context():
            if gone:
                with history.act(history.Actor("staff", role="owner"), "send") as act:
                    label = shipments.Label("cj", live.number())
                    shipments.send(act.order(code), {line[0]: 1}, label, hand_over=True)
            at = clock.now() - timedelta(minutes=60 - 2 * n)
            with history.act(history.CUSTOMER, "ask", at=at) as act:
                messages.ask(act.order(code), words)
    return [what for _words, _gone, what in todo]


def test_thirty_questions_take_at_most_seventy_taps_and_one_page(visit, live, asked, capsys):
    page = visit("/healthz", locale="ko-KR")
    hand = Hand(page)
    page.goto(f"{live.url}/threads")
    hand.tap("#threads .c-act a")
    for n, what in enumerate(asked):
        code = f"PLAY-{n:02}"
        page.locator(f"#order-{code}").wait_for()
        if what == "cancel":
            hand.tap(f"#order-{code} a[href$='/cancel']")
            hand.tap(f"#what-{code} .seg label")
            hand.tap(f"#order-{code} form[action$='/cancel'] button.go")
            page.locator(f"#order-{code} form[action$='/cancel']").wait_for(state="detached")
            hand.tap("#head form[action*='/solve'] button")
        else:
            if what == "readdress":
                hand.tap(f"#order-{code} a[href$='/readdress']")
                for name, words in (
                    ("receiver_name", "김서준"),
                    ("postcode", "06236"),
                    ("address", "서울 강남구 테헤란로 152, 21층"),
                ):
                    hand.tap(f"#{name}-{code}")
                    hand.type(words)
                hand.tap(f"#order-{code} form[action$='/readdress'] button.go")
                page.locator(f"#order-{code} form[action$='/readdress']").wait_for(state="detached")
            if what == "type":
                assert page.evaluate("document.activeElement.name") == "words"
                hand.type("네, 다음 주 화요일에 다시 들어와요.")
            hand.tap("#answer button.go")
        page.locator(f"#order-{code}").wait_for(state="detached")
    page.locator("#threads .empty").wait_for()
    with capsys.disabled():
        print(f"\n  30 questions: {hand.taps} taps, {hand.loads} page load")
    assert live.rows("SELECT count(*) FROM thread WHERE state <> 'solved'") == [(0,)]
    assert hand.loads == PAGE_LOADS
    assert hand.taps <= MOST_TAPS
