"""What the demo shop's channels were told, and where one of them disagrees. The stories are demo_stories' business."""

from sqlalchemy import select

from sellerweb.channels import WRITERS
from sellerweb.shop import batches, conflicts, history
from sellerweb.shop.db import forget, read
from sellerweb.shop.history import CHANNEL, Actor
from sellerweb.shop.models import Order, Shipment


def disagree() -> None:
    """SmartStore has another address for a parcel that has its label already."""
    labelled = (Shipment.state == "labelled", Order.channel == "smartstore", Order.is_test.is_(False))
    found = read().scalar(select(Order.id).join(Shipment, Shipment.order_id == Order.id).where(*labelled).limit(1))
    if found is not None:
        with history.act(CHANNEL, "import") as act:
            case = act.case(found)
            ours = f"{case.order.postcode} {case.order.town}"
            said = {"address": "부산광역시 해운대구 센텀중앙로 79, 1204호", "postcode": "48058"}
            conflicts.follow(
                case, [conflicts.Disagreement("address_after_label", ours, "48058 부산 해운대구", said=said)]
            )


def tell(owner: int | None) -> None:
    """SmartStore's file of today: taken but for its first row. The other channels still wait for theirs."""
    by = Actor("staff", owner, "owner")
    with history.act(by, "export") as act:
        batch = batches.make(act, "smartstore", "dispatch", WRITERS["smartstore", "dispatch"])
    if batch is None:
        return
    refused = {batches.rows_of(read(), batch)[0].id: "이미 취소 처리된 주문입니다."}
    with history.act(by, "tell") as act:
        batches.settle(act, batch, batches.newest(act.tx, batch), "failed", refused)
    forget()
    if batches.latest(read())[0][1].get("written"):
        with history.act(by, "tell") as act:
            batches.settle(act, batch, batches.newest(act.tx, batch), "told")
