"""The tests' browser: shows what it is asked to, reaches nobody, and axe sees what is wrong."""

import pytest
from browser import PHONE, Browser, axe_violations
from playwright.sync_api import Error

pytestmark = pytest.mark.browser

GOOD = """<!doctype html><html lang="ko"><head><title>주문</title></head>
<body><main><h1>신규주문</h1><button>출고</button></main></body></html>"""


@pytest.fixture(scope="module")
def browser():
    with Browser() as running:
        yield running


@pytest.fixture
def page(browser):
    page = browser.new_page()
    yield page
    page.close()


def test_it_is_a_light_korean_tablet(page):
    page.set_content(GOOD)
    assert page.get_by_role("button", name="출고").is_visible()
    assert page.evaluate("[innerWidth, innerHeight, navigator.language]") == [1180, 820, "ko-KR"]
    assert not page.evaluate("matchMedia('(prefers-color-scheme: dark)').matches")


def test_it_can_be_a_dark_japanese_phone(browser):
    page = browser.new_page(PHONE, dark=True, locale="ja-JP")
    assert page.evaluate("[innerWidth, innerHeight, navigator.language]") == [390, 844, "ja-JP"]
    assert page.evaluate("matchMedia('(prefers-color-scheme: dark)').matches")
    page.close()


def test_it_can_do_without_javascript(browser):
    page = browser.new_page(javascript=False)
    page.set_content("<noscript>plain</noscript><script>document.body.append('scripted')</script>")
    assert page.locator("body").inner_text().strip() == "plain"
    page.close()


def test_no_page_reaches_the_outside(page):
    with pytest.raises(Error, match="ERR_NAME_NOT_RESOLVED"):
        page.goto("http://example.com/")


def test_axe_is_quiet_about_a_good_page(page):
    page.set_content(GOOD)
    assert axe_violations(page) == ""


def test_axe_names_what_is_wrong_and_where(page):
    page.set_content(GOOD.replace("<button>출고</button>", '<button id="ship"></button><p><img src="data:,"></p>'))
    report = axe_violations(page)
    assert "button-name (critical)" in report
    assert "#ship" in report
    assert "image-alt" in report
    assert "image-alt" not in axe_violations(page, within="#ship")
