"""A shop of any size for the benches, written straight into SQLite: quick to make, shaped like a real one."""

import json
import random
import sqlite3
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from types import SimpleNamespace
from typing import Any

from sellerweb.shop import search

OPEN_SHARE = 0.02
FAMILY = "김이박최정강조윤장임한오서신권황안송류홍"
GIVEN = (
    "하늘",
    "바다",
    "구름",
    "노을",
    "여름",
    "가을",
    "겨울",
    "아침",
    "저녁",
    "별님",
    "서준",
    "민지",
    "지우",
    "도윤",
    "은서",
)
GOODS = ("크라프트 노트 A5", "젤펜 0.38", "마스킹 테이프 15mm", "세라믹 머그 350ml", "캔버스 토트백", "스티커 세트")
TOWNS = (("서울특별시 강남구 가상대로", "서울 강남구"), ("부산광역시 해운대구 가상해변로", "부산 해운대구"))
CHANNELS = ("smartstore", "smartstore", "smartstore", "qoo10", "shopify", "manual")
CLOSED = ("shipped", "delivered", "delivered", "delivered", "delivered", "cancelled")
OPEN = ("new", "preparing", "preparing", "ready", "partly_shipped")
CHUNK = 20_000
TABLE = {"order": "orders", "line": "order_line", "event": "event"}


def fill(path: Path, count: int) -> None:
    """Put `count` orders into a migrated, empty database; the same `count` gives the same shop."""
    conn = sqlite3.connect(path, isolation_level=None)
    conn.executescript("PRAGMA synchronous=OFF; PRAGMA temp_store=MEMORY; PRAGMA cache_size=-200000;")
    made = orders(count)
    start, tally = 1, {}
    while start <= count:
        rows = [next(made) for _ in range(min(CHUNK, count - start + 1))]
        conn.execute("BEGIN")
        insert(conn, "orders", [r.order for r in rows])
        insert(conn, "order_line", [r.line for r in rows])
        insert(conn, "event", [r.event for r in rows])
        keys = [(key, r.order["id"]) for r in rows for key in r.keys]
        conn.executemany("INSERT OR IGNORE INTO order_key (key, order_id) VALUES (?, ?)", keys)
        conn.executemany(
            "INSERT INTO order_text (order_id, text) VALUES (?, ?)", [(r.order["id"], r.words) for r in rows]
        )
        grams = [(r.order["id"], " ".join(search.grams(r.words))) for r in rows]
        conn.executemany("INSERT INTO order_gram (rowid, grams) VALUES (?, ?)", grams)
        conn.execute("COMMIT")
        for r in rows:
            key = (r.order["channel"], r.order["stage"])
            tally[key] = tally.get(key, 0) + 1
        start += len(rows)
    conn.executemany(
        "INSERT INTO stage_tally (channel, stage, n) VALUES (?, ?, ?)", [(*k, n) for k, n in tally.items()]
    )
    conn.execute("ANALYZE")
    conn.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    conn.close()


def insert(conn: sqlite3.Connection, table: str, rows: list[dict[str, Any]]) -> None:
    names = list(rows[0])
    marks = ", ".join("?" * len(names))
    conn.executemany(
        f"INSERT INTO {table} ({', '.join(names)}) VALUES ({marks})",  # noqa: S608 (our own names)
        [tuple(r.values()) for r in rows],
    )


def orders(count: int) -> Iterator[SimpleNamespace]:
    chance = random.Random(7)  # noqa: S311
    now = datetime.now(UTC).replace(microsecond=0, tzinfo=None)
    for id_ in range(1, count + 1):
        open_ = id_ > count - round(count * OPEN_SHARE)
        stage = chance.choice(OPEN if open_ else CLOSED)
        name, goods = chance.choice(FAMILY) + chance.choice(GIVEN), chance.choice(GOODS)
        street, town = chance.choice(TOWNS)
        number, quantity = f"2026{id_:012}", chance.choice((1, 1, 1, 2, 3))
        ordered = now - timedelta(minutes=(count - id_) % 500_000)
        due = now + timedelta(minutes=chance.randrange(-600, 4320))
        order = {
            "id": id_, "code": number, "channel": chance.choice(CHANNELS), "order_no": number, "stage": stage, "version": 1,
            "is_test": 0, "ordered_at": _sql(ordered), "paid_at": _sql(ordered),
            "confirmed_at": None if stage == "new" else _sql(ordered), "ship_due_at": _sql(due), "hold_reason": "",
            "channel_block": "", "currency": "KRW", "total": 1000 * chance.randrange(3, 60), "shipping_fee": 3000,
            "buyer_name": name, "buyer_phone": "", "buyer_email": "", "receiver_name": name,
            "phone": f"010{chance.randrange(10**8):08}", "phone2": "", "postcode": "06001",
            "address": f"{street} {id_ % 900} 101동 1001호", "country": "KR", "address_version": 1, "town": town,
            "door": f"{id_:x}", "message": "문 앞에 놓아주세요" if id_ % 4 == 0 else "", "gift_note": "",
            "goods": f"{goods} · 라인", "lines_count": 1, "pieces": quantity,
        }  # fmt: skip
        gone, ready, partly = stage in ("shipped", "delivered"), stage == "ready", stage == "partly_shipped"
        quantity = max(quantity, 2) if partly else quantity
        line = {
            "id": id_, "order_id": id_, "item_no": number + "1", "position": 0, "sku": f"SKU-{GOODS.index(goods)}", "name": goods,
            "option": "라인", "gift": "", "total": order["total"], "carrier": "cj", "method": "parcel", "channel_state": "new",
            "ordered": quantity, "cancelled": quantity if stage == "cancelled" else 0, "packed": quantity if ready else 0,
            "shipped": quantity if gone else 1 if partly else 0, "delivered": quantity if stage == "delivered" else 0,
            "returned": 0, "lost": 0,
        }  # fmt: skip
        event = {
            "id": id_, "order_id": id_, "seq": 1, "at": _sql(ordered), "thing": "order", "verb": "place", "actor": "channel",
            "changes": json.dumps({}), "note": "",
        }  # fmt: skip
        this, lines = SimpleNamespace(**order), [SimpleNamespace(**line)]
        keys, words = search.keys_of(this, lines, ()), search.words_of(this, lines, ())
        yield SimpleNamespace(order=order, line=line, event=event, keys=keys, words=words)


def _sql(moment: datetime) -> str:
    return moment.strftime("%Y-%m-%d %H:%M:%S.000000")
