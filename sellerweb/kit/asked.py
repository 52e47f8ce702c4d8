"""A request whose addresses and forms hold no letter that no database keeps: such letters are left out where they come in."""

import re
from typing import Any

from flask import Request
from werkzeug.datastructures import ImmutableMultiDict, iter_multi_items

# PostgreSQL has no NUL, and half a surrogate is no letter at all: pasted along, typed by nobody.
_NO_LETTER = re.compile("[\0\ud800-\udfff]")


class Said(ImmutableMultiDict[str, Any]):
    """What an address or a form says; files stay as they are."""

    def __init__(self, mapping: Any = None) -> None:
        said = iter_multi_items(mapping) if mapping else ()
        super().__init__([(name, _letters(value)) for name, value in said])


def _letters(value: Any) -> Any:
    return _NO_LETTER.sub("", value) if isinstance(value, str) else value


class Asked(Request):
    parameter_storage_class = Said
