"""Questions of customers in a table that a channel gives (Q&A, inquiries): which columns mean what, and the rows. No pages.

No channel writes down how such a file looks, so its columns are known by their names alone, in three languages.
"""

import hashlib
import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from sellerweb.channels.cells import RowError, moment
from sellerweb.channels.own_table import OwnTable
from sellerweb.shop.incoming import RejectedRow

# Field → names, the best first; a name that is one of them means it, whatever its spaces and signs.
_NAMES = {
    "words": "문의내용 질문내용 고객문의내용 문의 질문 내용 お問い合わせ内容 問い合わせ内容 質問内容 内容 inquirycontent question contents content message",
    "title": "문의제목 질문제목 제목 件名 タイトル title subject",
    "number": "문의번호 질문번호 고객문의번호 번호 no 問い合わせ番号 お問い合わせ番号 番号 inquiryno questionid questionno id",
    "at": "문의일시 문의일 문의등록일시 문의등록일 등록일시 등록일 작성일시 작성일 접수일시 접수일 질문일 問い合わせ日 問い合わせ日時 登録日 登録日時 "
    "作成日 inquiryregistrationdatetime createdate inqdt createdat date",
    "order_no": "상품주문번호 주문번호 注文番号 productorderid orderid orderno contrno",
    "name": "작성자 문의자 구매자명 구매자 고객명 작성자id お客様名 作成者 custnm customer customername writer maskedwriterid",
    "goods": "상품명 상품 商品名 商品 productname gdnm product",
    "answered": "답변여부 답변상태 처리상태 답변 상태 対応状況 回答状況 ステータス answered status",
}
_ANSWERED = ("y", "yes", "true", "1", "o", "답변완료", "답변함", "완료", "처리완료", "対応済み", "回答済み", "対応済", "回答済", "done", "answered", "s3")  # fmt: skip
LONGEST = 3900


@dataclass(frozen=True, slots=True)
class Question:
    """`key` is the same whenever this question is in a file; `at` (UTC) is None where the file does not say when."""

    key: str
    row: int
    words: str
    at: datetime | None
    order_no: str
    name: str
    answered: bool


def columns(names: Iterable[str]) -> dict[str, str]:
    """{field: name}. A table without `words` has no questions."""
    plain = {_plain(name): name for name in reversed(list(names))}
    found: dict[str, str] = {}
    for field, known in _NAMES.items():
        name = next((plain[word] for word in known.split() if word in plain and plain[word] not in found.values()), "")
        if name:
            found[field] = name
    return found


def questions(table: OwnTable, channel: str, zone: ZoneInfo) -> tuple[list[Question], list[RejectedRow]]:
    """The rows that ask something, and those that cannot be read."""
    place = {field: table.header.index(name) for field, name in columns(table.header).items()}
    found, rejected = [], list(table.rejected)
    for row, cells in table.rows:
        said = {field: cells[n].strip() for field, n in place.items()}
        if not said.get("words") and not said.get("title"):
            continue
        try:
            at = moment(said.get("at", ""), zone)
        except RowError as no:
            rejected.append(RejectedRow(row, no.code))
            continue
        words = "\n\n".join(part for part in (said.get("title", ""), said.get("words", "")) if part)
        goods = f"\n\n[{said['goods'][:200]}]" if said.get("goods") else ""
        found.append(
            Question(
                _key(channel, said, words),
                row,
                words[: LONGEST - len(goods)] + goods,
                at,
                said.get("order_no", ""),
                said.get("name", ""),
                _plain(said.get("answered", "")) in _ANSWERED,
            )
        )
    return found, rejected


def _key(channel: str, said: dict[str, str], words: str) -> str:
    """By its number where it has one; else by who asked what, when."""
    number = said.get("number", "")
    parts = [channel, number] if number else [channel, said.get("at", ""), said.get("name", ""), words]
    return hashlib.sha256("\0".join(parts).encode()).hexdigest()


def _plain(name: str) -> str:
    return re.sub(r"[\W_]", "", unicodedata.normalize("NFKC", name).casefold())
