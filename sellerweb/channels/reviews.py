"""Reviews of a table whose columns nobody knows: what its columns are called in three languages, and what stands in them."""

import re
import unicodedata
from collections.abc import Iterable, Mapping
from zoneinfo import ZoneInfo

from sellerweb.channels.cells import RowError, line, moment, text
from sellerweb.channels.own_table import OwnTable
from sellerweb.shop.incoming import RejectedRow, ReviewIn

# Field → the words above its column, without spaces and signs; first those that say most.
_WORDS = {
    "stars": "구매자평점 평점 별점 평가점수 점수 만족도 評価 総合評価 評点 星 星数 rating stars reviewrating score",
    "words": "리뷰상세내용 리뷰내용 상품평 후기내용 후기 구매평 리뷰 내용 レビュー内容 レビュー本文 口コミ コメント 内容 本文 "
    "reviewbody reviewcontent review body comment content text",
    "product": "상품명 제품명 품명 商品名 品名 producttitle productname product item",
    "name": "등록자 작성자 구매자 구매자id 작성자id 닉네임 投稿者 投稿者名 購入者 ニックネーム reviewer reviewername reviewauthor author name customer",
    "written_at": "리뷰등록일 작성일 작성일시 등록일 등록일시 후기작성일 投稿日 投稿日時 登録日 レビュー日 reviewdate createdat date reviewedat",
    "order": "상품주문번호 주문번호 注文番号 カート番号 ordernumber orderid orderno ordername",
    "ref": "리뷰글번호 리뷰번호 후기번호 レビュー番号 レビューid reviewid reviewnumber id",
}
FIELDS = tuple(_WORDS)
NEEDED = ("stars", "words")
_PLACE = {field: {word: n for n, word in enumerate(words.split())} for field, words in _WORDS.items()}
_NUMBER = re.compile(r"[0-9]+(?:[.,][0-9]+)?")


def guess(header: Iterable[str]) -> dict[str, str]:
    """{name: field} of the names that are known; of several for one field the one that says most."""
    best: dict[str, tuple[int, str]] = {}
    for name in header:
        plain = re.sub(r"[\W_]", "", unicodedata.normalize("NFKC", name)).casefold()
        for field, places in _PLACE.items():
            if plain in places and (field not in best or places[plain] < best[field][0]):
                best[field] = (places[plain], name)
    return {name: field for field, (_place, name) in best.items()}


def lacking(match: Mapping[str, str]) -> list[str]:
    return [field for field in NEEDED if field not in match.values()]


def read(table: OwnTable, match: Mapping[str, str], zone: ZoneInfo) -> tuple[list[ReviewIn], list[RejectedRow]]:
    """The reviews of a table whose columns mean `match` {name: field}, and the rows that are none."""
    place = {field: table.header.index(name) for name, field in match.items() if name in table.header}
    found, rejected = list[ReviewIn](), list(table.rejected)
    for number, cells in table.rows:
        said = {field: cells[n] for field, n in place.items()}
        if not any(said.values()):
            continue
        try:
            found.append(_review(said, zone))
        except RowError as no:
            rejected.append(RejectedRow(number, no.code))
    return found, sorted(rejected, key=lambda row: row.row)


def _review(said: Mapping[str, str], zone: ZoneInfo) -> ReviewIn:
    return ReviewIn(
        stars=_stars(said["stars"]),
        words=text(said.get("words", ""), 4000),
        product=line(said.get("product", ""), 300),
        name=line(said.get("name", ""), 200),
        written_at=moment(said.get("written_at", ""), zone),
        order=line(said.get("order", ""), 64),
        ref=line(said.get("ref", ""), 64),
    )


def _stars(cell: str) -> int:
    """★★★☆☆, 3, 3.0, 3점, 3/5: whole stars from 1 to 5; half ones count down. bad_stars."""
    plain = unicodedata.normalize("NFKC", cell)
    full = plain.count("★") + plain.count("⭐")
    number = _NUMBER.search(plain)
    stars = full or (int(float(number[0].replace(",", "."))) if number else 0)
    if not 1 <= stars <= 5 or plain.lstrip().startswith("-"):
        raise RowError("bad_stars")
    return stars
