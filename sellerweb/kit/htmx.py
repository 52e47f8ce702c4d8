"""How a view answers: a fragment to htmx, a page to everybody else. Knows no orders."""

from typing import Any

from flask import Response, make_response, redirect, render_template, request


def partial() -> bool:
    """Whether htmx asks for a piece of a page. A history restore asks for the full one."""
    return request.headers.get("HX-Request-Type") == "partial"


def answer(template: str, status: int = 200, **context: Any) -> Response:
    """The fragment `template`; opened without htmx, the same wrapped by alone.html."""
    name = template if partial() else "alone.html"
    response = make_response(render_template(name, fragment=template, **context), status)
    response.headers["Vary"] = "HX-Request-Type"
    return response


def done(template: str, url: str, **context: Any) -> Response:
    """After a change: the fresh fragments for htmx, a redirect to `url` without."""
    if partial():
        return answer(template, **context)
    return make_response(redirect(url, 303))


def events(response: Response, *names: str) -> Response:
    """Tell the page of events (ASCII names only: text in a header breaks a production server)."""
    response.headers["HX-Trigger"] = ", ".join(names)
    return response
