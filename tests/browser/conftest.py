"""`browser`: a real server and a real Chromium, and pages in it with somebody signed in."""

import pytest
from browser import TABLET, Browser
from live import Live

PATIENCE = 20_000


@pytest.fixture(scope="session")
def live(sqlite_template, tmp_path_factory):
    running = Live(tmp_path_factory.mktemp("live"), sqlite_template)
    yield running
    running.stop()


@pytest.fixture(scope="module")
def chromium():
    """One a module: two of Playwright's loops cannot run in one thread."""
    with Browser() as running:
        yield running


@pytest.fixture
def visit(chromium, live):
    """visit("/orders", PHONE, name="Carol", dark=True): that page, opened by that person in a browser of their own."""
    opened, wrong = [], []

    def console(message):
        if "Content Security Policy" in message.text:
            wrong.append(message.text)

    def arrive(path="/orders", size=TABLET, *, name="Alice", locale="en-US", **more):
        page = chromium.new_page(size, locale=locale, **more)
        opened.append(page)
        page.on("console", console)
        page.on("pageerror", lambda error: wrong.append(str(error)))
        page.set_default_timeout(PATIENCE)
        page.set_default_navigation_timeout(PATIENCE)
        if name:
            live.sign_in(page, name)
        page.goto(live.url + path)
        return page

    yield arrive
    for page in opened:
        page.context.close()
    assert wrong == []  # neither a script that fails nor anything that the content policy had to stop
