"""bench queue: the 50-row fragment through the whole app beside the floor; counts and search beside it."""

from collections.abc import Callable
from typing import Any

import click

from sellerweb.bench import desk

SIZES = (10_000, 100_000, 1_000_000)


def run(sizes: tuple[int, ...], rounds: int) -> None:
    """Print a table: a line a size, milliseconds (medians) and ratios."""
    first: dict[str, float] = {}
    for size in sizes:
        with desk.shop(size) as (app, client, path):
            floor = desk.floor_app(path)

            def get(url: str, client: Any = client) -> Callable[[], Any]:
                def ask() -> Any:
                    answer = client.get(url, headers=desk.PARTIAL)
                    if answer.status_code != 200:
                        raise RuntimeError(f"{url}: {answer.status}")
                    return answer

                return ask

            cases = {
                "floor": lambda floor=floor: floor.get("/"),
                "queue": get("/orders"),
                "next": get(_next(client)),
                "last page": get("/orders?tab=delivered&after=0.60"),
                "2 syllables": get("/orders?q=하늘"),
                "number": get(f"/orders?q=2026{size // 2:012}"),
                "last 4": get("/orders?q=1234"),
                "substring": get("/orders?q=마스킹"),
            }
            counts = desk.statements(app, cases["queue"])
            page = cases["queue"]().data
            times = desk.medians(cases, rounds)
            times["unchanged"] = desk.medians({"x": _unchanged(client, app)}, rounds)["x"]
            first = first or times
            click.echo(
                f"\n{size:,} orders: queue fragment {len(page):,} bytes, floor {len(floor.get('/').data):,}; {counts} statements"
            )
            for name, ms in times.items():
                click.echo(
                    f"  {name:12} {ms:8.2f} ms   {ms / times['floor']:6.2f} x floor   {ms / first[name]:5.2f} x the first size"
                )


def _next(client: Any) -> str:
    page = client.get("/orders", headers=desk.PARTIAL).text
    start = page.index("/orders?after=")
    return str(page[start : page.index('"', start)]).replace("&amp;", "&")


def _unchanged(client: Any, app: Any) -> Callable[[], Any]:
    page = client.get("/orders", headers=desk.PARTIAL).text
    start = page.index("/orders/poll")
    url = page[start : page.index('"', start)].replace("&amp;", "&")

    def ask() -> Any:
        return client.get(url, headers=desk.PARTIAL)

    return ask
