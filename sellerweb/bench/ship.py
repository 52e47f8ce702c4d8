"""bench ship: the whole POST over HTTP beside a bare guarded UPDATE with commit, at 1, 4 and 16 writers; errors counted."""

import http.client
import os
import re
import socket
import statistics
import subprocess
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import click

from sellerweb.bench import desk
from sellerweb.server import web_command

WRITERS = (1, 4, 16)
Ask = tuple[str, str, dict[str, str]]  # path, body, headers


def run(size: int, each: int) -> None:
    """Print a line a number of writers: requests a second, median and 99th percentile, errors."""
    with desk.shop(size) as (_app, client, path):
        app_asks = _app_asks(client, _open_lines(path))
        floor_asks = ((f"/{line}", "", {}) for line, _code, _version in _open_lines(path))
        with (
            _server("sellerweb.bench.floor:app", path) as floor_port,
            _server("sellerweb:create_app()", path) as app_port,
        ):
            for writers in WRITERS:
                floor = _measure(floor_port, floor_asks, writers, each)
                ours = _measure(app_port, app_asks, writers, each)
                click.echo(f"\n{writers} writers, {each} ships each side")
                click.echo("  floor " + _line(floor))
                click.echo("  ship  " + _line(ours))
                click.echo(f"  ship takes {floor['rate'] / ours['rate']:.2f} x the floor's time")


def _line(figures: dict[str, float]) -> str:
    return f"{figures['rate']:7.0f} /s   median {figures['p50']:6.2f} ms   p99 {figures['p99']:7.2f} ms   errors {figures['errors']:.0f}"


def _measure(port: int, asks: Iterator[Ask], writers: int, each: int) -> dict[str, float]:
    """Send `each` requests with so many clients at once, each on its own connection."""
    waiting = [next(asks) for _ in range(each)]
    lock, times, errors = threading.Lock(), [], [0]

    def client() -> None:
        conn = http.client.HTTPConnection("127.0.0.1", port, timeout=30)
        while True:
            with lock:
                if not waiting:
                    return
                path, body, headers = waiting.pop()
            start = time.perf_counter()
            try:
                conn.request("POST", path, body, headers)
                answer = conn.getresponse()
                answer.read()
                wrong = answer.status != 200
            except OSError:
                wrong = True
                conn.close()
            with lock:
                times.append((time.perf_counter() - start) * 1000)
                errors[0] += wrong

    threads = [threading.Thread(target=client) for _ in range(writers)]
    start = time.perf_counter()
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    took = time.perf_counter() - start
    return {
        "rate": each / took,
        "p50": statistics.median(times),
        "p99": statistics.quantiles(times, n=100)[98],
        "errors": errors[0],
    }


def _open_lines(path: Path) -> list[tuple[int, str, int]]:
    import sqlite3

    with sqlite3.connect(path) as conn:
        return conn.execute(
            "SELECT l.id, o.code, o.version FROM order_line l JOIN orders o ON o.id = l.order_id"
            " WHERE l.ordered - l.cancelled - l.packed - l.shipped >= 1 AND l.shipped = 0 AND l.packed = 0 ORDER BY l.id DESC"
        ).fetchall()


def _app_asks(client: Any, lines: list[tuple[int, str, int]]) -> Iterator[Ask]:
    page = client.get(f"/orders/{lines[0][1]}/ship", headers=desk.PARTIAL).text
    token = re.search(r'name="csrf_token" value="([^"]+)"', page)
    cookie = client.get_cookie("sellerweb").value  # after the page: it holds what the token is checked against
    headers = {**desk.PARTIAL, "Cookie": f"sellerweb={cookie}", "Content-Type": "application/x-www-form-urlencoded"}
    # The floor takes lines from the front, we from the back: no line is shipped twice.
    for n, (line, code, version) in enumerate(reversed(lines)):
        body = 40_000_000_000 + n
        form = {
            "csrf_token": token.group(1) if token else "",
            "action_id": f"bench-{line}",
            "version": version,
            "carrier": "hanjin",
            "number": f"{body}{body % 7}",
            "pieces-0-line": line,
            "pieces-0-quantity": 1,
        }
        yield f"/orders/{code}/ship", urlencode(form), headers


@contextmanager
def _server(app: str, path: Path) -> Iterator[int]:
    """gunicorn as `sellerweb serve` runs it, on a free loopback port; ended by its id."""
    with socket.socket() as sock:
        sock.bind(("127.0.0.1", 0))
        port = int(sock.getsockname()[1])
    env = {**os.environ, "SELLERWEB_DATA_DIR": str(path.parent), "SELLERWEB_BENCH_DB": str(path)}
    env.pop("SELLERWEB_DATABASE_URL", None)
    command = [*web_command("127.0.0.1", port, 1, app), "--log-level", "warning"]
    process = subprocess.Popen(command, env=env)
    try:
        _wait(lambda: socket.create_connection(("127.0.0.1", port), 1).close())
        yield port
    finally:
        process.terminate()
        process.wait()


def _wait(ready: Callable[[], None]) -> None:
    for _ in range(100):
        try:
            return ready()
        except OSError:
            time.sleep(0.1)
    raise RuntimeError("the server did not start")
