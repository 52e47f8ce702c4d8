"""The tables, one file a subject. No rules and no queries."""

from sellerweb.shop.models.base import Base, UtcTime
from sellerweb.shop.models.channel import Import, Policy, StageTally
from sellerweb.shop.models.history import Access, Action, Event, Notice
from sellerweb.shop.models.order import OPEN_STAGES, Order, OrderLine
from sellerweb.shop.models.product import Location, Product, Stock
from sellerweb.shop.models.search import OrderKey, OrderText
from sellerweb.shop.models.shipment import Shipment, ShipmentLine, SlipPrint
from sellerweb.shop.models.staff import ROLES, SignInFailure, Staff, StaffSession

__all__ = [
    "OPEN_STAGES",
    "ROLES",
    "Access",
    "Action",
    "Base",
    "Event",
    "Import",
    "Location",
    "Notice",
    "Order",
    "OrderKey",
    "OrderLine",
    "OrderText",
    "Policy",
    "Product",
    "Shipment",
    "ShipmentLine",
    "SignInFailure",
    "SlipPrint",
    "Staff",
    "StaffSession",
    "StageTally",
    "Stock",
    "UtcTime",
]
