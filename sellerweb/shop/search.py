"""Finding orders by a word: whole keys first (numbers, phones, names), then pieces of words. Nothing else.

A two-syllable Korean name must find: Hangul, kana and kanji are cut by two, digits and Latin letters by three
(SQLite's own trigram index silently answers nothing to two syllables).
"""

import re
import unicodedata
from collections.abc import Iterable, Mapping
from typing import Any

from sqlalchemy import Connection, delete, insert, select, text, update

from sellerweb.shop.models import OrderKey, OrderText

LIMIT = 50
PIECES = 5
_RUNS = re.compile(r"[0-9]+|[a-z]+|[^\W0-9a-z_]+")
_PHONEISH = re.compile(r"[+0-9][0-9 \-()./]*")
_MATCH = text(
    "SELECT t.order_id FROM order_gram g JOIN order_text t ON t.order_id = g.rowid "
    "WHERE order_gram MATCH :grams AND t.text LIKE :like ESCAPE '!' AND g.rowid < :before ORDER BY g.rowid DESC LIMIT :limit"
)
_CONTAINS = text(
    "WITH hits AS MATERIALIZED (SELECT order_id, text FROM order_text WHERE grams @> CAST(:grams AS text[])) "
    "SELECT order_id FROM hits WHERE text LIKE :like ESCAPE '!' AND order_id < :before ORDER BY order_id DESC LIMIT :limit"
)
_NEW_KEYS = insert(OrderKey)
_NEW_WORDS = insert(OrderText)
_KEYS = select(OrderKey.order_id).order_by(OrderKey.order_id.desc()).limit(LIMIT)
_GRAM_DELETE = text("INSERT INTO order_gram (order_gram, rowid, grams) VALUES ('delete', :id, :grams)")
_GRAM_INSERT = text("INSERT INTO order_gram (rowid, grams) VALUES (:id, :grams)")


def find(conn: Connection, words: str, before: int = 2**31 - 1) -> list[int]:
    """Ids of the newest orders (at most LIMIT, below `before`) that hold these words."""
    word = normal(words)[:120]
    if not word:
        return []
    digits = re.sub(r"\D", "", word) if _PHONEISH.fullmatch(word) else ""
    keys = {word.replace(" ", ""), digits} - {""}
    found = set(conn.scalars(_KEYS.where(OrderKey.key.in_(keys), OrderKey.order_id < before)))
    # A number that was found whole is the one that was meant; a name may also be part of a longer one.
    if not (found and digits):
        for part in dict.fromkeys((digits, word)):  # a phone stands there without its hyphens, an order number with
            if part and len(found) < LIMIT:
                found.update(_by_pieces(conn, part, before))
    return sorted(found, reverse=True)[:LIMIT]


def _by_pieces(conn: Connection, word: str, before: int) -> Iterable[int]:
    # A few pieces find it and the text itself decides; the last ones, for numbers differ at their end.
    pieces = grams(word)
    # A last word that is not written out yet has no piece of its own in the index; the text sees to it.
    pieces = (tuple(p for p in pieces if len(p) == _size(p)) or pieces)[-PIECES:]
    if not any(len(p) > 1 for p in pieces):
        return []
    like = "%" + re.sub(r"([%_!])", r"!\1", word) + "%"
    values = {"like": like, "before": before, "limit": LIMIT}
    if conn.dialect.name == "sqlite":
        return conn.scalars(_MATCH, {"grams": " ".join(f'"{p}"' for p in pieces), **values})
    return conn.scalars(_CONTAINS, {"grams": list(pieces), **values})


def write(tx: Connection, order: Any, lines: Iterable[Any], shipments: Iterable[Any]) -> None:
    """Write the keys and words of an order anew, in the transaction that changed them."""
    lines = list(lines)
    numbers = [s.number for s in shipments if s.number]
    tx.execute(delete(OrderKey).where(OrderKey.order_id == order.id))
    tx.execute(_NEW_KEYS, _key_rows(order, lines, numbers))
    old = tx.scalar(select(OrderText.text).where(OrderText.order_id == order.id))
    _write_words(tx, order.id, old, words_of(order, lines, numbers))


def write_new(tx: Connection, orders: Iterable[tuple[Any, Iterable[Any]]]) -> None:
    """The same for new orders and their lines: nothing of them stands there yet."""
    keys, words = [], {}
    for order, its in orders:
        lines = list(its)
        keys += _key_rows(order, lines, ())
        words[order.id] = words_of(order, lines, ())
    tx.execute(_NEW_KEYS, keys)
    _write_new_words(tx, words)


def _key_rows(order: Any, lines: Iterable[Any], numbers: Iterable[str]) -> list[dict[str, Any]]:
    return [{"key": key, "order_id": order.id} for key in sorted(keys_of(order, lines, numbers))]


def add(tx: Connection, order_id: int, number: str) -> None:
    """Let a parcel's number find its order too. It still does after the parcel was taken apart: people ask for it."""
    key = normal(number).replace(" ", "")[:120]
    if not key or tx.scalar(select(OrderKey.key).where(OrderKey.key == key, OrderKey.order_id == order_id)):
        return
    tx.execute(insert(OrderKey).values(key=key, order_id=order_id))
    old = tx.scalar(select(OrderText.text).where(OrderText.order_id == order_id)) or ""
    _write_words(tx, order_id, old, f"{old}\n{key}")


def forget(tx: Connection, order_id: int) -> None:
    """Let nothing find this order any more."""
    old = tx.scalar(select(OrderText.text).where(OrderText.order_id == order_id))
    if old is not None and tx.dialect.name == "sqlite":
        tx.execute(_GRAM_DELETE, {"id": order_id, "grams": " ".join(grams(old))})
    tx.execute(delete(OrderText).where(OrderText.order_id == order_id))
    tx.execute(delete(OrderKey).where(OrderKey.order_id == order_id))


def normal(words: str) -> str:
    """One spelling for what looks alike: NFKC, lower case, single spaces."""
    return " ".join(unicodedata.normalize("NFKC", words).replace("\0", "").casefold().split())


def grams(words: str) -> tuple[str, ...]:
    """The pieces that words are found by, in order, each once."""
    pieces: dict[str, None] = {}
    for run in _RUNS.findall(words):
        size = _size(run)
        for i in range(max(1, len(run) - size + 1)):
            pieces[run[i : i + size]] = None
    return tuple(pieces)


def _size(run: str) -> int:
    return 3 if run.isascii() else 2


def keys_of(order: Any, lines: Iterable[Any], numbers: Iterable[str]) -> set[str]:
    keys = {order.order_no, order.code, *numbers}
    for line in lines:
        keys |= {line.item_no, line.sku}
    for name in (order.receiver_name, order.buyer_name):
        keys.add(name)
        keys.update(name.split())
        if 3 <= len(name) <= 4 and "가" <= name[0] <= "힣":
            keys.add(name[1:])  # the given name: what a colleague calls across the room
    for phone in (order.phone, order.phone2, order.buyer_phone):
        digits = re.sub(r"\D", "", phone)
        keys |= {digits, digits[-4:]}
    return {normal(k).replace(" ", "")[:120] for k in keys} - {""}


def _write_words(tx: Connection, order_id: int, old: str | None, new: str) -> None:
    if old is None:
        _write_new_words(tx, {order_id: new})
        return
    pieces = grams(new)
    change = update(OrderText).where(OrderText.order_id == order_id)
    if tx.dialect.name == "sqlite":
        tx.execute(change.values(text=new))
        # A contentless index forgets only what it is told again.
        tx.execute(_GRAM_DELETE, {"id": order_id, "grams": " ".join(grams(old))})
        tx.execute(_GRAM_INSERT, {"id": order_id, "grams": " ".join(pieces)})
    else:
        tx.execute(change.values(text=new, grams=list(pieces)))


def _write_new_words(tx: Connection, words: Mapping[int, str]) -> None:
    pieces = {key: grams(text) for key, text in words.items()}
    if tx.dialect.name == "sqlite":
        tx.execute(_NEW_WORDS, [{"order_id": key, "text": text} for key, text in words.items()])
        tx.execute(_GRAM_INSERT, [{"id": key, "grams": " ".join(its)} for key, its in pieces.items()])
    else:
        tx.execute(_NEW_WORDS, [{"order_id": k, "text": text, "grams": list(pieces[k])} for k, text in words.items()])


def words_of(order: Any, lines: Iterable[Any], numbers: Iterable[str]) -> str:
    phones = (re.sub(r"\D", "", p) for p in (order.phone, order.phone2, order.buyer_phone))
    goods = (word for line in lines for word in (line.item_no, line.sku, line.name, line.option))
    parts = dict.fromkeys(
        normal(w) for w in (order.order_no, order.receiver_name, order.buyer_name, *phones, *goods, *numbers)
    )
    return "\n".join(p for p in parts if p)
