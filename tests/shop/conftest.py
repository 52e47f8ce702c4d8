"""`shop`: a shop without pages, on SQLite, or on both databases where a test is marked so."""

import sqlite3
from contextlib import closing

import pytest
from bare_shop import Shop
from flask_babel import force_locale


@pytest.fixture
def shop(context, database):
    with force_locale("en"):
        yield Shop(context, database)


@pytest.fixture(scope="session")
def kept_shops(tmp_path_factory):
    """Databases of shops that were furnished once, by name."""
    return tmp_path_factory.mktemp("kept_shops")


@pytest.fixture
def furnished(shop, kept_shops):
    """furnished("wishes", furnish): the shop as furnish(shop) leaves it; on SQLite done once for all tests, then copied."""

    def give(name, furnish):
        kept, here = kept_shops / f"{name}.db", shop.url.removeprefix("sqlite:///")
        if here == shop.url:
            furnish(shop)
        elif kept.exists():
            _copy(kept, here)
        else:
            furnish(shop)
            _copy(here, kept)
        return shop

    return give


def _copy(there, here):
    with closing(sqlite3.connect(there)) as old, closing(sqlite3.connect(here)) as new:
        old.backup(new)
