"""The tables, one file a subject. No rules and no queries."""

from sellerweb.shop.models.attachment import Attachment
from sellerweb.shop.models.base import Base, UtcTime
from sellerweb.shop.models.channel import Import, ImportPart, Policy, PolicyChange, StageTally
from sellerweb.shop.models.claim import Claim, ClaimLine, Refund
from sellerweb.shop.models.conflict import Conflict
from sellerweb.shop.models.customer import LookUpFailure, OrderLink
from sellerweb.shop.models.history import Access, Action, Event, Notice
from sellerweb.shop.models.letter import Letter, Setting
from sellerweb.shop.models.manual import Manual
from sellerweb.shop.models.order import OPEN_STAGES, Order, OrderLine
from sellerweb.shop.models.person import CustomerKey, CustomerNote
from sellerweb.shop.models.presence import Draft, Presence
from sellerweb.shop.models.product import Location, Product, ProductFile, ProductFilePart, Stock, StockMove
from sellerweb.shop.models.reply import ReplyTemplate
from sellerweb.shop.models.review import Review
from sellerweb.shop.models.search import OrderKey, OrderText
from sellerweb.shop.models.shipment import Shipment, ShipmentLine, SlipPrint
from sellerweb.shop.models.staff import ROLES, SignInFailure, Staff, StaffSession
from sellerweb.shop.models.telling import Batch, ResultFile, Telling
from sellerweb.shop.models.thread import Message, Thread, ThreadEvent

__all__ = [
    "OPEN_STAGES",
    "ROLES",
    "Access",
    "Action",
    "Attachment",
    "Base",
    "Batch",
    "Claim",
    "ClaimLine",
    "Conflict",
    "CustomerKey",
    "CustomerNote",
    "Draft",
    "Event",
    "Import",
    "ImportPart",
    "Letter",
    "Location",
    "LookUpFailure",
    "Manual",
    "Message",
    "Notice",
    "Order",
    "OrderKey",
    "OrderLine",
    "OrderLink",
    "OrderText",
    "Policy",
    "PolicyChange",
    "Presence",
    "Product",
    "ProductFile",
    "ProductFilePart",
    "Refund",
    "ReplyTemplate",
    "ResultFile",
    "Review",
    "Setting",
    "Shipment",
    "ShipmentLine",
    "SignInFailure",
    "SlipPrint",
    "Staff",
    "StaffSession",
    "StageTally",
    "Stock",
    "StockMove",
    "Telling",
    "Thread",
    "ThreadEvent",
    "UtcTime",
]
