"""How a picture that a stranger sent is handed out again: as itself, sealed off, kept by no cache. Says nothing of who may see it."""

from flask import Response

CSP = "sandbox; default-src 'none'"


def picture(data: bytes, media: str, *, name: str = "") -> Response:
    """The answer; with a `name` it is saved instead of shown when somebody opens it."""
    response = Response(data, content_type=media)
    response.headers.update(
        {
            "Content-Security-Policy": CSP,
            "Content-Disposition": f'attachment; filename="{name}"' if name else "inline",
            "Cross-Origin-Resource-Policy": "same-origin",
            "X-Content-Type-Options": "nosniff",
        }
    )
    return response
