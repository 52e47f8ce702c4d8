"""bench files: a SmartStore workbook of so many rows taken in, beside reading it alone and bare inserts alone; rows a second, peak memory.

Each figure is measured in a process of its own, so that its peak is its own. `main` is the other side of that.
"""

import json
import os
import resource
import sqlite3
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import click
import xlsxwriter
from flask_migrate import upgrade
from python_calamine import CalamineWorkbook

from sellerweb import config, create_app
from sellerweb.bench import stock
from sellerweb.channels import smartstore, workbook
from sellerweb.shop import imports, taking_in
from sellerweb.shop.incoming import PART

SIZES = (10_000, 100_000)
HEADER = (
    "상품주문번호", "주문번호", "주문상태", "결제일", "구매자명", "수취인명", "상품명", "옵션정보", "수량", "최종 상품별 총 주문금액",
    "옵션관리코드", "수취인연락처1", "통합배송지", "우편번호", "배송메세지", "배송방법", "주문일시", "발송기한",
)  # fmt: skip


def run(sizes: tuple[int, ...]) -> None:
    """Print for each size the file, and a line for each floor and for each half of ours."""
    with TemporaryDirectory(prefix="sellerweb-bench-") as folder:
        for size in sizes:
            path = Path(folder) / f"{size}.xlsx"
            write(path, size)
            click.echo(f"\n{size:,} rows, {path.stat().st_size / 2**20:.1f} MB")
            for step, word in STEPS.items():
                click.echo(f"  {word:34}" + _line(_apart(step, path, size), size))


def write(path: Path, size: int) -> None:
    """A workbook as the seller centre gives it: a row an order."""
    book = xlsxwriter.Workbook(str(path), {"constant_memory": True, "strings_to_formulas": False})
    sheet = book.add_worksheet("발주발송관리")
    sheet.write_row(0, 0, HEADER)
    for n, made in enumerate(stock.orders(size), 1):
        order, line = made.order, made.line
        number = f"2026{n:012}"
        cells = (
            number, number, "결제완료", "2026-11-20 10:00:00", order["buyer_name"], order["receiver_name"], line["name"], line["option"],
            line["ordered"], order["total"], line["sku"], f"010-{n // 10000 % 10000:04}-{n % 10000:04}", order["address"], "06001",
            order["message"], "택배,등기,소포", "2026-11-20 09:58:00", "2026-11-24 23:59:59",
        )  # fmt: skip
        sheet.write_row(n, 0, cells)
    book.close()


def _line(found: dict[str, float], size: int) -> str:
    if "failed" in found:
        return f"refused: {found['failed']}"
    return f"{size / found['seconds']:10,.0f} rows/s  {found['seconds']:8.2f} s   peak {found['peak'] / 1024:7.0f} MB"


def _apart(step: str, path: Path, size: int) -> dict[str, Any]:
    """One step in a process of its own."""
    command = [sys.executable, "-m", "sellerweb.bench.files", step, str(path), str(size)]
    done = subprocess.run(command, stdout=subprocess.PIPE, check=True, env={**os.environ, "PYTHONUTF8": "1"})
    found: dict[str, Any] = json.loads(done.stdout)
    return found


def _read_alone(path: Path, _size: int) -> None:
    """The floor of reading: every cell once, nothing made of it."""
    for name in (book := CalamineWorkbook.from_path(path)).sheet_names:
        for _row in book.get_sheet_by_name(name).iter_rows():
            pass


def _read(path: Path, size: int) -> None:
    """Ours: every row an order in the shop's words; what the server's child does."""
    found = smartstore.orders(workbook.sheets(path.read_bytes()))
    assert len(found.orders) == size, found.rejected[:3]


def _shop(folder: Path) -> Any:
    url = f"sqlite:///{folder / 'shop.db'}"
    app = create_app(config.read({"SELLERWEB_DATA_DIR": str(folder), "SELLERWEB_DATABASE_URL": url}))
    with app.app_context():
        upgrade()
    return app


def _insert_alone(path: Path, size: int) -> None:
    """The floor of writing: an order, its line and its event by bare inserts, committed as often as ours."""
    conn = sqlite3.connect(path.parent / "insert" / "shop.db", isolation_level=None)
    conn.executescript("PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL;")
    made = stock.orders(size)
    for start in range(0, size, PART):
        rows = [next(made) for _ in range(min(PART, size - start))]
        conn.execute("BEGIN IMMEDIATE")
        for table in ("order", "line", "event"):
            stock.insert(conn, stock.TABLE[table], [getattr(row, table) for row in rows])
        conn.execute("COMMIT")
    conn.close()


def _take_in(path: Path, _size: int) -> None:
    """Ours: read behind the fence, kept, applied as the worker does."""
    with create_app(config.read(_env(path, "take"))).app_context():
        report = taking_in.run(imports.receive(smartstore.read(path.read_bytes()), path.name))
        assert report["new"], report


def _env(path: Path, name: str) -> dict[str, str]:
    folder = path.parent / name
    return {"SELLERWEB_DATA_DIR": str(folder), "SELLERWEB_DATABASE_URL": f"sqlite:///{folder / 'shop.db'}"}


STEPS = {
    "read_alone": "floor: reading the file alone",
    "read": "reading it into orders",
    "insert_alone": "floor: bare inserts alone",
    "take_in": "reading and taking in, whole",
}
_DO: dict[str, Callable[[Path, int], None]] = {
    "read_alone": _read_alone,
    "read": _read,
    "insert_alone": _insert_alone,
    "take_in": _take_in,
}


def main(step: str, path: Path, size: int) -> dict[str, Any]:
    """Do one step here and say what it took; a database that it needs is made before the clock starts."""
    if step in ("insert_alone", "take_in"):
        name = {"insert_alone": "insert", "take_in": "take"}[step]
        folder = path.parent / name
        for old in folder.glob("shop.db*"):
            old.unlink()
        folder.mkdir(exist_ok=True)
        _shop(folder)
    start = time.perf_counter()
    _DO[step](path, size)
    seconds = time.perf_counter() - start
    return {"seconds": seconds, "peak": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss}


if __name__ == "__main__":
    print(json.dumps(main(sys.argv[1], Path(sys.argv[2]), int(sys.argv[3]))))
