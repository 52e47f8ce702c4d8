"""Where pictures lie: a folder, or a bucket, which are the same from here (fsspec). No tables and no rules.

A file is written before the row that names it, in names that say only when. What no row names is swept a day later.
"""

from collections.abc import Iterable, Iterator
from datetime import datetime
from typing import Any

import fsspec
from flask import current_app
from fsspec.implementations.dirfs import DirFileSystem
from ulid import ULID

WHOLE, SMALL = ".jpg", "-small.jpg"


def put(whole: bytes, small: bytes) -> str:
    """Keep a picture and its thumbnail. Returns their key."""
    key = str(ULID())
    place = _place()
    place.pipe_file(key + SMALL, small)
    place.pipe_file(key + WHOLE, whole)
    return key


def get(key: str, kind: str = WHOLE) -> bytes | None:
    """The bytes of a picture; None where the file is not there (any more)."""
    try:
        data: bytes = _place().cat_file(key + kind)
    except FileNotFoundError:
        return None
    return data


def remove(keys: Iterable[str]) -> None:
    """What is not there is removed already."""
    place = _place()
    for key in keys:
        for kind in (WHOLE, SMALL):
            try:
                place.rm_file(key + kind)
            except FileNotFoundError:
                continue


def older_than(moment: datetime) -> Iterator[str]:
    """The keys of all pictures that were put here before `moment`. Their names say when: not every store does."""
    names = {path.rpartition("/")[2].partition(".")[0].removesuffix("-small") for path in _place().find("")}
    for name in sorted(names):
        try:
            made = ULID.from_str(name).datetime
        except ValueError:
            continue  # not ours
        if made < moment:
            yield name


def _place() -> Any:
    """The store of this app, opened when first asked for: a bucket is not called for pages that have no picture."""
    kept = current_app.extensions.get("sellerweb_files")
    if kept is None:
        url = current_app.config["FILES_URL"]
        system, root = fsspec.url_to_fs(
            url, **({} if "://" in url and not url.startswith("file:") else {"auto_mkdir": True})
        )
        system.makedirs(root, exist_ok=True)
        kept = current_app.extensions["sellerweb_files"] = DirFileSystem(path=root, fs=system)
    return kept
