"""What htmx asks for, and what it is told beside the answer. Knows no orders."""

from flask import Response, request


def partial() -> bool:
    """Whether htmx asks for a piece of a page. A history restore asks for the full one."""
    return request.headers.get("HX-Request-Type") == "partial"


def events(response: Response, *names: str) -> Response:
    """Tell the page of events (ASCII names only: text in a header breaks a production server)."""
    response.headers["HX-Trigger"] = ", ".join(names)
    return response


def poll(response: Response) -> Response:
    """Let the page ask at once what has changed, instead of in ten seconds."""
    response.headers["HX-Trigger"] = '{"poll": {"target": "body"}}'
    return response
