"""Every page of claims, refunds and messages: nobody is shut out, and fingers meet what they press, at three sizes."""

import pytest
from browser import PHONE, PORTRAIT, TABLET, axe_violations, finger_faults

from sellerweb.shop import cancels, clock, history, messages, refunds, returns, shipments
from sellerweb.shop.incoming import LineIn

pytestmark = pytest.mark.browser
LINES = [
    LineIn("1", "크라프트 노트 A5", 3, "new", option="라인", total=37_200),
    LineIn("2", "젤펜", 2, "new", total=4_800),
]
LOOKS = [(TABLET, False, "ko-KR"), (PORTRAIT, True, "ja-JP"), (PHONE, False, "en-US"), (PHONE, True, "ko-KR")]


def do(live, who, verb, code, *args, **more):
    with live.app.app_context(), history.act(who, verb.__name__) as act:
        return verb(act.order(code), *args, **more)


@pytest.fixture(scope="module")
def pages(live):
    """A claim of each kind, each at a step that asks something, and a refund with its account."""
    staff, line = history.Actor("staff", role="owner"), {}
    for code in ("P-CANCEL", "P-RETURN", "P-EXCHANGE", "P-LOST", "P-PAID", "P-FREE"):
        live.order(code, channel="manual", lines=LINES, shipping_fee=3_000, paid_at=clock.now())
        query = "SELECT l.id FROM order_line l JOIN orders o ON o.id = l.order_id WHERE o.code = :c ORDER BY l.position"
        line[code] = [n for (n,) in live.rows(query, c=code)]
    for code in ("P-RETURN", "P-EXCHANGE", "P-LOST"):
        pieces = dict(zip(line[code], (3, 2), strict=True))
        label = shipments.Label("cj", live.number())
        do(live, staff, shipments.send, code, pieces, label, hand_over=True)
    do(live, history.CUSTOMER, cancels.request, "P-CANCEL", {line["P-CANCEL"][0]: 2}, "wish", "두 번 주문했어요 " * 20)
    do(live, history.CUSTOMER, returns.request, "P-RETURN", "return", {line["P-RETURN"][0]: 2}, "broken", "깨졌어요")
    do(
        live,
        history.CUSTOMER,
        returns.request,
        "P-EXCHANGE",
        "exchange",
        {line["P-EXCHANGE"][1]: 1},
        "size",
        option="빨강",
    )
    do(
        live,
        history.CUSTOMER,
        cancels.cancel,
        "P-PAID",
        {line["P-PAID"][0]: 1},
        "wish",
        account="신한 110-123-456789 김서준",
    )
    do(live, history.CUSTOMER, messages.ask, "P-FREE", "언제 출발하나요? " * 30)
    with live.app.app_context():
        refunds.hand_due()
    (cancel, return_, exchange) = [n for (n,) in live.rows("SELECT id FROM claim WHERE kind IN ('cancel', 'return', "
        "'exchange') AND closed_at IS NULL AND order_id IN (SELECT id FROM orders WHERE code LIKE 'P-%') ORDER BY id")]  # fmt: skip
    for verb, *args in ((returns.accept,), (returns.receive, {line["P-RETURN"][0]: 2})):
        do(live, staff, verb, "P-RETURN", return_, *args)
    ((refund,),) = live.rows("SELECT id FROM refund WHERE order_id = (SELECT id FROM orders WHERE code = 'P-PAID')")
    return [
        "/claims", "/claims?kind=exchange", f"/claims/{cancel}", f"/claims/{cancel}/approve", f"/claims/{cancel}/refuse",
        f"/claims/{return_}/inspect", f"/claims/{return_}/bear", f"/claims/{return_}/hold", f"/claims/{exchange}/accept",
        f"/claims/{exchange}/convert", "/refunds", f"/refunds/{refund}/settle", f"/refunds/{refund}/fail", "/threads", "/threads/1", "/threads/new", "/threads/import",
        "/orders/P-FREE/answer", "/orders/P-FREE/cancel", "/orders/P-FREE/request-cancel", "/orders/P-FREE/delay",
        "/orders/P-LOST/claim?kind=redelivery", "/orders/P-LOST/claim?kind=exchange", "/orders/P-CANCEL", "/orders/P-LOST",
    ]  # fmt: skip


@pytest.mark.parametrize(("size", "dark", "locale"), LOOKS, ids=["tablet", "portrait-dark", "phone", "phone-dark"])
def test_every_page_is_open_to_everybody_and_made_for_fingers(visit, live, pages, size, dark, locale):
    page, found = visit("/orders", size, dark=dark, locale=locale), {}
    for path in pages:
        page.goto(live.url + path)
        if said := [*finger_faults(page), *filter(None, [axe_violations(page)])]:
            found[path] = said
    assert found == {}, "\n".join(f"{path}\n{said}" for path, said in found.items())
