"""What the demo shop's channels were told, and where one of them disagrees. The stories are demo_stories' business."""

from typing import Any

from sqlalchemy import select

from sellerweb.channels import WRITERS, result_file
from sellerweb.channels.own_table import OwnTable
from sellerweb.shop import batches, history, intake, result_files, results
from sellerweb.shop.db import forget, read
from sellerweb.shop.history import CHANNEL, Actor
from sellerweb.shop.incoming import LineIn, OrderIn
from sellerweb.shop.models import Order, OrderLine, Shipment


def disagree() -> None:
    """SmartStore has another address for a parcel that has its label, another number for one that has left, takes a wish back, and
    counts as returned what nobody here has looked at yet."""
    with history.act(CHANNEL, "import") as act:
        for code, where, said in _SAID:
            found = act.tx.execute(_OF[code].where(*where).limit(1)).one_or_none()
            if found is not None:
                line = LineIn(found.item_no, found.name, found.ordered - found.cancelled, **said["line"])
                intake.take(act, "smartstore", OrderIn(found.order_no, found.currency, [line], **said["order"]))


def tell(owner: int | None) -> None:
    """SmartStore's file of today: taken but for its first row, as its result file says. The other channels still wait."""
    by = Actor("staff", owner, "owner")
    with history.act(by, "export") as act:
        batch = batches.make(act, "smartstore", "dispatch", WRITERS["smartstore", "dispatch"])
    if batch is None:
        return
    first, *others = (row.item_no for row in batches.rows_of(read(), batch))
    rows = [(first, "실패", "이미 취소 처리된 주문입니다."), *((item, "성공", "") for item in others)]
    table = OwnTable(["상품주문번호", "처리결과", "실패사유"], [(n, list(row)) for n, row in enumerate(rows, 2)])
    columns = result_file.Columns(*table.header)
    forget()
    answer = result_files.keep(batch, table.to_json(), "발송처리_결과.xlsx", columns.to_json(), owner)
    with history.act(by, "tell") as act:
        made, version = batches.get(act.tx, batch), batches.newest(act.tx, batch)
        done = results.mark(act, made, version, result_file.answers(table, columns), {}, rest=False)
        n = {"told": len(done.told), "failed": len(done.failed)}
        result_files.marked(act, answer, columns.to_json(), n)


_LINES = (
    select(Order.order_no, Order.currency, OrderLine.item_no, OrderLine.name, OrderLine.ordered, OrderLine.cancelled)
    .join(OrderLine, OrderLine.order_id == Order.id)
    .where(Order.channel == "smartstore", Order.is_test.is_(False))
    .order_by(Order.id.desc(), OrderLine.position)
)
_PARCELS = _LINES.join(Shipment, Shipment.order_id == Order.id)
_OF = {"address": _PARCELS, "number": _PARCELS, "wish": _LINES, "back": _LINES}
_BUSAN = {"address": "부산광역시 해운대구 센텀중앙로 79, 1204호", "postcode": "48058"}
_SAID: tuple[tuple[str, tuple[Any, ...], dict[str, dict[str, Any]]], ...] = (
    ("address", (Shipment.state == "labelled",), {"line": {"state": "confirmed"}, "order": _BUSAN}),
    (
        "number",
        (
            Shipment.state.in_(("shipped", "in_transit")),
            Shipment.carrier == "cj",
            Shipment.channel_told_at.is_not(None),
        ),
        {"line": {"state": "shipping", "carrier": "cj", "tracking_number": "689124730521"}, "order": {}},
    ),
    ("wish", (OrderLine.channel_state == "cancel_requested",), {"line": {"state": "confirmed"}, "order": {}}),
    ("back", (OrderLine.channel_state == "return_requested",), {"line": {"state": "returned"}, "order": {}}),
)
