"""The file in which a channel says what became of ours: which columns and which words of it mean what. Marks nothing.

No channel publishes how such a file looks, so it is read by the words that stand in it; what is not certain, people are asked.
"""

import re
import unicodedata
from collections.abc import Collection, Iterable
from dataclasses import asdict, dataclass

from sellerweb.channels import fence, own_table, workbook
from sellerweb.channels.column_words import plain
from sellerweb.channels.own_table import OwnTable
from sellerweb.shop.incoming import Answer

MOST_ROWS = 20_000
MOST_WORDS = 12
# Role → names of columns, as `plain` spells them. What stands behind the bar is believed only beside something surer.
_WORDS = {
    "id": "상품주문번호 주문번호 장바구니번호 注文番号 カート番号 name ordername order orderno ordernumber orderid productorderid contrno",
    "result": "처리결과 결과 성공여부 처리여부 등록결과 발송결과 업로드결과 발송처리결과 등록여부 성공실패 처리상태 結果 処理結果 登録結果 取込結果 "
    "アップロード結果 成否 処理状況 処理状態 result results outcome success uploadstatus importstatus processingstatus | 상태 状態 ステータス status",
    "why": "실패사유 실패원인 실패이유 실패내용 오류내용 오류사유 오류메시지 오류 에러 에러내용 에러메시지 반려사유 사유 エラー エラー内容 エラー理由 "
    "エラーメッセージ 失敗理由 失敗原因 失敗内容 理由 error errors errormessage errormsg errorreason errordetail errordetails "
    "reason failurereason failreason rejectionreason | 비고 메시지 메세지 상세 내용 備考 メッセージ 詳細 message comment note notes "
    "remark remarks detail details",
    "number": "송장번호 운송장번호 送り状番号 追跡番号 伝票番号 trackingnumber trackingno tracking",
    "goods": "상품명 商品名 lineitemname itemname",
}
_SURE = {word: role for role, words in _WORDS.items() for word in words.partition("|")[0].split()}
_PERHAPS = {word: role for role, words in _WORDS.items() for word in words.partition("|")[2].split()}
_TOOK = re.compile("성공|완료|정상|成功|完了|正常|success|complete|accepted|処理済|登録済|등록됨|처리됨")
_REFUSED = re.compile(
    "실패|오류|에러|불가|거부|반려|失敗|エラー|不可|異常|無効|拒否|fail|error|invalid|reject|denied|not ?found"
)
_NEITHER = re.compile("^(미|비|불|未|不|非|un|in|not |no )|대기|보류|待ち|保留|pending|skip")
_YES = frozenset(["ok", "y", "yes", "o", "true", "○", "◯", "〇", "done"])
_NO = frozenset(["ng", "n", "no", "x", "false", "×"])
# A cell for errors that says that there is none.
_NOTHING = re.compile("[-–—]|없음|해당 ?없음|なし|無し|none|null|n/a|0")
_NO_ERROR = re.compile("(오류|에러|エラー|異常) ?(없음|なし|無し)|no errors?")
_ALREADY = re.compile("이미|既に|すでに|already")
# A sentence that has a good word in it somewhere is no word for having gone well.
_LONGEST = 24
_SHORTENED = re.compile(r"\d[.,]\d+[eE]\+?\d+")
_ADDRESS = ("배송지", "주소", "住所", "address1", "shippingstreet")


@dataclass(frozen=True, slots=True)
class Columns:
    """The name of the column of our numbers, of the result, and of the channel's words about it; "" for none."""

    id: str
    result: str = ""
    why: str = ""

    def to_json(self) -> dict[str, str]:
        return asdict(self)


def read(data: bytes, password: str = "", encoding: str = "") -> OwnTable:
    """The table of a result file, read in a child process. FileError with a code of `sentence.FILE_WHY`."""
    found = fence.read("result_file", data, password, encoding)
    assert isinstance(found, dict)
    return OwnTable.from_json(found)


def parse(data: bytes, password: str = "", encoding: str = "") -> OwnTable:
    """As `read`, in this process: for the child, and for tests."""
    return own_table.first_of(workbook.sheets(data, password, "", encoding), roles)


def roles(header: Iterable[str]) -> dict[str, str]:
    """{name: role} of the columns whose names say it for sure."""
    return {name: role for name in header if (role := _SURE.get(plain(name), ""))}


def is_orders(header: Collection[str]) -> bool:
    """Whether these are the columns of a list of orders: addresses, and nothing that became of anything."""
    known = roles(header).values()
    return "result" not in known and "why" not in known and any(w in plain(n) for n in header for w in _ADDRESS)


def id_columns(table: OwnTable, items: Collection[str], orders: Collection[str]) -> list[str]:
    """The columns in which numbers of ours stand, the likeliest first: those of items, of orders, by their names."""
    known = roles(table.header)
    there: dict[str, tuple[int, int, bool]] = {}
    for at, name in enumerate(table.header):
        keys = [key_of(cells[at]) for _number, cells in table.rows]
        said = sum(key in items for key in keys), sum(key in orders for key in keys), known.get(name) == "id"
        there |= {name: said} if said[0] or said[1] else {}
    return sorted(there, key=lambda name: there[name], reverse=True)


def is_shortened(table: OwnTable) -> bool:
    """Whether a spreadsheet has shortened its numbers, so that their last digits are lost."""
    return any(_SHORTENED.fullmatch(cell) for _number, cells in table.rows[:200] for cell in cells)


def guess(table: OwnTable, ids: list[str]) -> tuple[Columns, bool]:
    """What its columns seem to be, and whether that is certain enough to go on without asking."""
    known = roles(table.header)
    results, whys = ([name for name, role in known.items() if role == wanted] for wanted in ("result", "why"))
    perhaps = {role: name for name in reversed(table.header) if (role := _PERHAPS.get(plain(name), ""))}
    sure = len(results) < 2 and len(whys) < 2 and bool(results or whys)
    if not results and "result" in perhaps and all(meaning(w) for w in words_of(table, perhaps["result"])):
        results, sure = [perhaps["result"]], len(whys) < 2 and bool(words_of(table, perhaps["result"]))
    if not whys and results and "why" in perhaps:
        whys = [perhaps["why"]]
    columns = Columns(ids[0], next(iter(results), ""), next(iter(whys), ""))
    return columns, sure and len(unknown(table, columns)) <= MOST_WORDS


def unknown(table: OwnTable, columns: Columns) -> list[str]:
    """The different words of the result that say neither, so that people have to."""
    return [word for word in words_of(table, columns.result) if not meaning(word)]


def words_of(table: OwnTable, name: str) -> list[str]:
    """The different words that stand under a name; "": under none."""
    if not name:
        return []
    at = table.header.index(name)
    return list(dict.fromkeys(cells[at] for _number, cells in table.rows if cells[at]))


def meaning(word: str) -> str:
    """`told`, `failed`, or "" where the word of a channel says neither for sure."""
    said = unicodedata.normalize("NFKC", word).strip().casefold()
    if said in _YES or said in _NO:
        return "told" if said in _YES else "failed"
    if _NO_ERROR.fullmatch(said):
        return "told"
    took, refused = bool(_TOOK.search(said)), bool(_REFUSED.search(said))
    if said.startswith("=") or took == refused:
        return ""
    if took and (len(said) > _LONGEST or _NEITHER.search(said) or _ALREADY.search(said)):
        return ""
    return "told" if took else "failed"


def answers(table: OwnTable, columns: Columns) -> list[Answer]:
    """What each row says: of which of our numbers, and what became of it."""
    at = {name: place for place, name in enumerate(table.header)}
    named = {role: name for name, role in reversed(list(roles(table.header).items()))}

    def cell(cells: list[str], name: str) -> str:
        return " ".join(cells[at[name]].split()) if name in at else ""

    found = []
    for number, cells in table.rows:
        said, why = cell(cells, columns.result), cell(cells, columns.why)
        word = meaning(said) if said else _by_error(why, alone=not columns.result)
        why = "" if word == "told" or not (word or said) else said if _is_nothing(why) else why
        sent = cell(cells, named.get("number", ""))
        sent = "" if _SHORTENED.fullmatch(sent) else sent.lstrip("'")
        goods = cell(cells, named.get("goods", "")).lstrip("'")
        found.append(Answer(number, key_of(cell(cells, columns.id)), word, said, why, sent, goods))
    return found


def _by_error(why: str, *, alone: bool) -> str:
    """What the words about an error say of a row without a result; `alone`: there is no column for results at all."""
    if _is_nothing(why):
        return ""
    return "failed" if meaning(why) == "failed" or (alone and meaning(why) != "told") else "told" if alone else ""


def _is_nothing(why: str) -> bool:
    return not why or bool(_NOTHING.fullmatch(why.casefold()))


def key_of(cell: str) -> str:
    """A number of ours as a file may spell it."""
    return unicodedata.normalize("NFKC", cell).strip().lstrip("'").removesuffix(".0")
