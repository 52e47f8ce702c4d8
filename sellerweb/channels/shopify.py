"""Reading Shopify's orders_export.csv into orders. Sends nothing, stores nothing.

The first row of an order has everything; the rows below it repeat its Name and have a line each. Total is taken as it is: what it
has beyond the lines (shipping, a tax on top of the prices) is the shipping fee, and a discount on the whole order is
spread over its lines.
"""

from collections import Counter
from collections.abc import Iterable
from itertools import accumulate, pairwise
from zoneinfo import ZoneInfo

from sellerweb.channels import fence, table, workbook
from sellerweb.channels.cells import RowError, amount, currency, line, moment, quantity, reference, text, together
from sellerweb.channels.contact import phone, postcode
from sellerweb.channels.gathering import MOST_LINES
from sellerweb.channels.line_keys import LineKeys
from sellerweb.channels.shopify_address import address, country
from sellerweb.channels.table import Row
from sellerweb.shop.incoming import FileIn, FileRead, LineIn, OrderIn, RejectedRow

KEY = "Lineitem name"
ZONE = ZoneInfo("Asia/Seoul")  # of times that a spreadsheet took their own from

_UNPAID = ("pending", "partially_paid", "authorized")
_SENT = {"fulfilled": "shipped", "partial": "part_shipped", "unfulfilled": "new", "": "new"}


def read(data: bytes, password: str = "", encoding: str = "", seconds: float = fence.WALL_SECONDS) -> FileRead:
    """An export that a seller dropped: CSV, or a workbook saved from it. Read in a child process.

    FileError with a code of `sentence.FILE_WHY`; rows that do not come in are in `rejected`.
    """
    return fence.read_file("shopify", data, password, encoding, seconds)


def parse(data: bytes, password: str = "", encoding: str = "") -> FileIn:
    """As `read`, in this process: for the child, and for tests."""
    return orders(workbook.sheets(data, password, "shopify", encoding))


def orders(sheets: Iterable[workbook.Sheet]) -> FileIn:
    """What the sheets of a file hold. The rows of one Name need not stand together."""
    file = FileIn("shopify")
    keys = LineKeys()
    named: dict[str, list[Row]] = {}
    for row in table.rows(sheets, "shopify", KEY):
        file.rows += 1
        try:
            row.check()
            named.setdefault(reference(row.first("Name")), []).append(row)
        except RowError as refusal:
            file.rejected.append(RejectedRow(row.number, refusal.code))
    for name, rows in named.items():
        own, refused = _own(rows)
        order = _order(name, own, keys, refused)
        file.orders += [order] if order.lines else []
        file.rejected += refused
    file.rejected.sort(key=lambda rejected: rejected.row)
    return file


def _own(rows: list[Row]) -> tuple[list[Row], list[RejectedRow]]:
    """The rows of an order, its first one in front; and those that are not: orphans, and what comes a second time."""
    heads = [row for row in rows if _is_head(row)]
    if not heads:
        return [], [RejectedRow(row.number, "orphan_line") for row in rows]
    # Two lines of an order may read alike; where its first row stands there twice, so do its lines.
    copies = sum(row.cells == heads[0].cells for row in heads)
    alike = Counter(_content(row) for row in rows)
    own, taken, refused, mine = [heads[0]], Counter[tuple[str, ...]](), list[RejectedRow](), True
    for row in rows:
        content = _content(row)
        if _is_head(row):
            mine = row.cells == heads[0].cells
            if row is not heads[0]:
                refused.append(RejectedRow(row.number, "duplicate_row" if mine else "duplicate_conflict"))
        elif mine and taken[content] < max(1, alike[content] // copies):
            own.append(row)
            taken[content] += 1
        else:
            refused.append(RejectedRow(row.number, "duplicate_row" if content in taken else "duplicate_conflict"))
    return own, refused


def _content(row: Row) -> tuple[str, ...]:
    return tuple(map(str, row.cells))


def _is_head(row: Row) -> bool:
    return bool(row.first("Financial Status", "Total"))


def _order(name: str, rows: list[Row], keys: LineKeys, refused: list[RejectedRow]) -> OrderIn:
    """The order of these rows; without lines where none could be read. Adds to `refused`."""
    order = OrderIn(name, "")
    if not rows:
        return order
    try:
        order, total, goods = _head(name, rows[0])
    except RowError as refusal:
        refused += [RejectedRow(rows[0].number, refusal.code)]
        refused += [RejectedRow(row.number, "orphan_line") for row in rows[1:]]
        return order
    state = _state(rows[0])
    for row in rows:
        try:
            if len(order.lines) >= MOST_LINES:
                raise RowError("too_many_lines")
            order.lines.append(_line(row, order, state, keys))
        except RowError as refusal:
            refused.append(RejectedRow(row.number, refusal.code))
    if total is not None:
        _spread(order.lines, goods)
        there = sum(item.total or 0 for item in order.lines) if len(order.lines) == len(rows) else goods
        order.shipping_fee = max(total - there, 0)
    return order


def _head(name: str, row: Row) -> tuple[OrderIn, int | None, int]:
    """The order without its lines, its Total, and how much of that is for goods."""
    money = currency(row.first("Currency"), "")
    total, subtotal = amount(row.first("Total"), money), amount(row.first("Subtotal"), money)
    shipping = amount(row.first("Shipping"), money) or 0
    goods = max((total or 0) - shipping, 0)
    where, theirs = country(row, "Shipping"), country(row, "Billing")
    order = OrderIn(
        order_no=name,
        currency=money,
        ordered_at=moment(row.first("Created at"), ZONE),
        paid_at=moment(row.first("Paid at"), ZONE),
        buyer_name=line(row.first("Billing Name"), 300),
        buyer_phone=phone(row.first("Billing Phone", "Phone"), theirs or where),
        buyer_email=line(row.first("Email"), 254),
        receiver_name=line(row.first("Shipping Name", "Billing Name"), 300),
        phone=phone(row.first("Shipping Phone"), where),
        postcode=postcode(row.first("Shipping Zip"), where),
        address=address(row, "Shipping"),
        country=where,
        message=text(row.first("Notes"), 10_000),
        gift_note=text(row.first("Note Attributes"), 10_000),
        shipping_fee=shipping,
        refunded=amount(row.first("Refunded Amount"), money) or 0,
    )
    return order, total, goods if subtotal is None else min(subtotal, goods)


def _line(row: Row, order: OrderIn, state: str, keys: LineKeys) -> LineIn:
    name, sku = line(row.first("Lineitem name"), 600), line(row.first("Lineitem sku"), 300)
    pieces = quantity(row.first("Lineitem quantity"))
    price = amount(row.first("Lineitem price"), order.currency)
    off = amount(row.first("Lineitem discount"), order.currency) or 0
    total = together(price, pieces)
    if total is not None and total < off:
        raise RowError("bad_amount")
    said = _line_state(state, line(row.first("Lineitem fulfillment status"), 100).lower())
    return LineIn(
        item_no=keys.next(order.order_no, sku, name, str(price)),
        name=name,
        quantity=pieces,
        state=said,
        sku=sku,
        total=None if total is None else total - off,
        # What needs no shipping is handed over without a parcel (a download, say).
        method="direct" if line(row.first("Lineitem requires shipping"), 40).lower() == "false" else "",
        shipped_at=moment(row.first("Fulfilled at"), ZONE) if said == "shipped" else None,
    )


def _state(row: Row) -> str:
    """Of the order as a whole."""
    paid, sent = (line(row.first(f"{kind} Status"), 100).lower() for kind in ("Financial", "Fulfillment"))
    if row.first("Cancelled at"):
        return "cancelled"
    if paid in ("voided", "expired"):
        return "void"
    if paid == "refunded":
        return "refunded"
    if paid in _UNPAID:
        return "unpaid"
    return _SENT.get(sent, "unknown") if paid in ("paid", "partially_refunded") else "unknown"


def _line_state(order: str, sent: str) -> str:
    """What has left has left, whatever was given back for it since."""
    if order == "shipped" or (order in ("new", "part_shipped", "refunded") and sent == "fulfilled"):
        return "shipped"
    if order not in ("new", "part_shipped"):
        return order
    return {"pending": "new", "partial": "part_shipped", "": order}.get(sent, "unknown")


def _spread(lines: list[LineIn], goods: int) -> None:
    """Take what the lines come to beyond `goods` (a discount on the whole order) off them, each by its share."""
    so_far = list(accumulate((item.total or 0 for item in lines), initial=0))
    if so_far[-1] > goods:
        for item, (before, after) in zip(lines, pairwise(so_far), strict=True):
            item.total = None if item.total is None else goods * after // so_far[-1] - goods * before // so_far[-1]
