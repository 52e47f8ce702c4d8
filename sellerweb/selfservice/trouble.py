"""What customers read when something goes wrong: what happened, what was kept, what to do next. No rules.

A missing page, a dead link and somebody else's order are one and the same answer, with the way to look an order up.
"""

from typing import Any

from flask import Response
from flask_babel import lazy_gettext as _l

from sellerweb.selfservice import drawing
from sellerweb.selfservice.forms import LookUpForm

NOT_UNDERSTOOD = (
    _l("That did not work"),
    _l("Part of what was sent was missing. Nothing was changed. Please go back and try again."),
)
TROUBLES: dict[int, tuple[Any, Any]] = {
    403: (
        _l("Not from here"),
        _l("This came from another site, so nothing was done. Please open the link of our letter again."),
    ),
    413: (_l("Too long"), _l("What was sent is too long. Nothing was kept. Please send a shorter text.")),
    429: (_l("Too often"), _l("This came too often. Nothing was changed. Please wait a minute and try again.")),
    500: (
        _l("Our mistake, sorry"),
        _l("Something went wrong here. Nothing was changed. Please try again, or tell us the number below."),
    ),
    503: (
        _l("One moment, please"),
        _l("We are busy right now. Nothing was changed. Please try again in a few seconds."),
    ),
}


def of(code: int) -> tuple[Any, Any]:
    """The heading and the sentence."""
    return TROUBLES.get(code) or (TROUBLES[500] if code >= 500 else NOT_UNDERSTOOD)


def lost() -> Response:
    """The one answer to whatever leads to no order of theirs."""
    return drawing.conflict(drawing.look_up(LookUpForm(formdata=None), 404, lost=True))


def page(code: int, told: tuple[Any, Any] | None = None, **known: Any) -> Response:
    heading, why = told or of(code)
    return drawing.page("trouble", str(heading), code, code=code, heading=heading, why=why, **known)
