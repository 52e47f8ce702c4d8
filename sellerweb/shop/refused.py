"""The shop says no: one exception, with a sentence that says what happened and what to do next."""

from typing import Any


class Refused(Exception):
    """A change that the shop's rules do not allow. Nothing of it was written.

    `why` is a lazy sentence. `field` names the form field that it is about: then the form comes back (422);
    without one somebody or something was faster (409) and the fresh row comes back.
    """

    def __init__(self, why: Any, field: str = "") -> None:
        super().__init__(why)
        self.why = why
        self.field = field

    def __str__(self) -> str:
        # A lazy sentence calls itself safe HTML; a plain one is escaped like everything else that was typed.
        return str(self.why)
