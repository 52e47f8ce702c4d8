"""`shop`: a shop without pages, on SQLite, or on both databases where a test is marked so."""

import pytest
from bare_shop import Shop
from flask_babel import force_locale


@pytest.fixture
def shop(context, database):
    with force_locale("en"):
        yield Shop(context, database)
