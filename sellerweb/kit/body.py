"""How much a request's body may weigh where it may be more than usual. What is refused is told by `headers` and `errors`."""

from collections.abc import Callable
from typing import Any, TypeVar

View = TypeVar("View", bound=Callable[..., Any])


def takes(most: int) -> Callable[[View], View]:
    """Marks a view whose forms may weigh so many bytes: those who may open it at all are let send them."""

    def mark(view: View) -> View:
        view.most_bytes = most  # type: ignore[attr-defined]
        return view

    return mark


def most(view: Callable[..., Any] | None) -> int:
    """What the mark says; 0: nothing of its own."""
    return int(getattr(view, "most_bytes", 0))
