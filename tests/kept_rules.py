"""Addresses that are compiled once for all the apps of a run: nine tenths of making an app is compiling them. Knows no routes."""

from collections.abc import Callable
from typing import Any

import flask
from werkzeug.routing import Rule

_KEPT: dict[tuple[Any, ...], Callable[..., Any]] = {}


class KeptRule(Rule):
    """A rule whose builder is taken from an earlier app's: it is made from these words alone, and asks for converters when it runs."""

    def _compile_builder(self, append_unknown: bool = True) -> Callable[..., Any]:
        key = (self.rule, self.subdomain, self.host, repr(self.defaults), append_unknown)
        if key not in _KEPT:
            _KEPT[key] = super()._compile_builder(append_unknown)
        return _KEPT[key]


def install() -> None:
    flask.Flask.url_rule_class = KeptRule
