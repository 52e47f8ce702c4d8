"""Orders of a table of one's own, once people have said which column is what. Guesses nothing."""

from collections.abc import Mapping
from dataclasses import dataclass
from zoneinfo import ZoneInfo

from sellerweb.channels.cells import RowError, amount, currency, line, moment, quantity, reference, text, together
from sellerweb.channels.column_words import FIELDS
from sellerweb.channels.contact import hyphened, phone, postcode
from sellerweb.channels.gathering import Gathering, gather
from sellerweb.channels.line_keys import LineKeys
from sellerweb.channels.own_table import OwnTable
from sellerweb.channels.table import Row
from sellerweb.shop.incoming import FileIn, LineIn, OrderIn

# Without these there is nothing to pack, or nobody to send it to.
NEEDED = ("order_no", "receiver_name", "product")


@dataclass(frozen=True, slots=True)
class Home:
    """Where the shop is: what a table means that does not say so."""

    currency: str
    country: str
    zone: ZoneInfo


def lacking(match: Mapping[str, str]) -> list[str]:
    """The fields that must have a column and have none."""
    return [field for field in NEEDED if field not in match.values()]


def orders(own: OwnTable, match: Mapping[str, str], home: Home) -> FileIn:
    """The orders of a table whose columns mean `match` {name: field}; what has no field is not read."""
    place = {field: own.header.index(name) for name, field in match.items() if field in FIELDS and name in own.header}
    keys = LineKeys()
    known: dict[tuple[object, ...], str] = {}

    def take(row: Row, gathering: Gathering) -> None:
        order = _order(row, home)
        item = _line(row, order)
        if not item.item_no:
            # One that reads as another does is that one again; the same goods in other words are a line of their own.
            content = (order.order_no, *(str(cell) for cell in row.cells))
            if content not in known:
                known[content] = keys.next(order.order_no, item.sku, item.name, item.option)
            item.item_no = known[content]
        gathering.add(order, item, among=order.order_no)
        # Each row of an order may repeat its fee.
        of = gathering.orders[order.order_no]
        of.shipping_fee = max(of.shipping_fee, order.shipping_fee)

    rows = (Row(number, place, list(cells), None) for number, cells in own.rows)
    file = gather("manual", rows, take)
    file.rows += len(own.rejected)
    file.rejected = sorted([*file.rejected, *own.rejected], key=lambda refused: refused.row)
    return file


def _order(row: Row, home: Home) -> OrderIn:
    country = line(row.first("country"), 100).upper()
    country = country if len(country) == 2 and country.isascii() else home.country
    money = currency(row.first("currency"), home.currency)
    code = postcode(row.first("postcode"), country)
    address = [line(row.first(part), 500) for part in ("address", "address_more")]
    return OrderIn(
        order_no=reference(row.first("order_no")),
        currency=money,
        ordered_at=moment(row.first("ordered_at"), home.zone),
        paid_at=moment(row.first("paid_at"), home.zone),
        buyer_name=line(row.first("buyer_name"), 200),
        buyer_phone=phone(row.first("buyer_phone"), country),
        buyer_email=line(row.first("buyer_email"), 254),
        receiver_name=line(row.first("receiver_name"), 200),
        phone=phone(row.first("phone"), country),
        phone2=phone(row.first("phone2"), country),
        postcode=hyphened(code) if country == "JP" else code,
        address=" ".join(filter(None, address)),
        country=country,
        message=text(row.first("message"), 2000),
        shipping_fee=amount(row.first("shipping_fee"), money) or 0,
    )


def _line(row: Row, order: OrderIn) -> LineIn:
    name = line(row.first("product"), 300)
    if not name:
        raise RowError("missing_product")
    pieces = quantity(row.first("quantity")) if row.has("quantity") else 1
    price, total = (amount(row.first(field), order.currency) for field in ("price", "total"))
    return LineIn(
        item_no=line(row.first("item_no"), 64),
        name=name,
        quantity=pieces,
        # Who keeps a column for it means by an empty cell that nobody has paid.
        state="unpaid" if row.has("paid_at") and not order.paid_at else "new",
        option=text(row.first("option"), 1000),
        sku=line(row.first("sku"), 120),
        total=together(price, pieces) if total is None else total,
        gift=text(row.first("gift"), 500),
    )
