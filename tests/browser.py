"""A real Chromium for the tests, through Playwright, and axe, which finds what shuts people out of a page."""

import os
import shutil
from types import TracebackType

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, sync_playwright

TABLET = (1180, 820)
PORTRAIT = (820, 1180)
PHONE = (390, 844)

# Chromium stays on this machine: it asks nobody for updates, and no page reaches further than loopback.
FLAGS = [
    "--disable-background-networking",
    "--disable-client-side-phishing-detection",
    "--disable-component-update",
    "--disable-default-apps",
    "--disable-domain-reliability",
    "--disable-features=MediaRouter,OptimizationHints,Translate",
    "--disable-quic",
    "--disable-sync",
    "--metrics-recording-only",
    "--no-default-browser-check",
    "--no-first-run",
    "--no-pings",
    "--no-proxy-server",
    "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1, EXCLUDE localhost",
]


class Browser:
    """One running Chromium; every page has a context (cookies, storage) of its own, closed with it."""

    def __init__(self) -> None:
        program = chromium()
        self._playwright = sync_playwright().start()
        self._chromium = self._playwright.chromium.launch(
            executable_path=program,
            headless=True,
            # the sandbox does not work for root, and only there we do without
            args=[*FLAGS, "--no-sandbox"] if os.geteuid() == 0 else FLAGS,
            chromium_sandbox=os.geteuid() != 0,
        )

    def new_page(
        self,
        size: tuple[int, int] = TABLET,
        *,
        dark: bool = False,
        locale: str = "ko-KR",
        javascript: bool = True,
    ) -> Page:
        """A page that nobody has used; small screens are touched, as a phone is."""
        width, height = size
        page = self._chromium.new_page(
            viewport={"width": width, "height": height},
            color_scheme="dark" if dark else "light",
            locale=locale,
            timezone_id="Asia/Tokyo" if locale.startswith("ja") else "Asia/Seoul",
            java_script_enabled=javascript,
            has_touch=True,
            reduced_motion="reduce",
        )
        page.set_default_timeout(10_000)
        return page

    def stop(self) -> None:
        self._chromium.close()
        self._playwright.stop()

    def __enter__(self) -> "Browser":
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.stop()


def chromium() -> str:
    """The system's Chromium; Playwright's own download is never used."""
    for name in ("chromium", "chromium-browser", "google-chrome"):
        path = shutil.which(name)
        if path:
            return path
    raise RuntimeError("These tests drive Chromium, and none is installed: apt-get install chromium")


def axe_violations(page: Page, within: str | None = None) -> str:
    """What axe finds wrong with the page as it stands, for an assertion to show; empty when nothing is."""
    found = Axe().run(page, context=within).response["violations"]
    return "\n".join(_described(violation) for violation in found)


def _described(violation: dict) -> str:
    lines = [f"{violation['id']} ({violation['impact']}): {violation['help']}"]
    for node in violation["nodes"]:
        where = " ".join(str(target) for target in node["target"])
        why = " ".join(node["failureSummary"].split())
        lines.append(f"    {where}: {why}")
    return "\n".join(lines)


# What can be pressed, and the least of it that a finger meets: for a box or a radio its label.
SMALL = """() => {
  const pressed = "button, summary, select, textarea, input:not([type=hidden]), a.btn, a.chip, .tabs a, .rail a";
  const small = [];
  for (const e of document.querySelectorAll(pressed)) {
    const met = e.matches("[type=checkbox], [type=radio]") ? e.closest("label") || e : e;
    const box = met.getBoundingClientRect();
    if (!met.checkVisibility({visibilityProperty: true}) || met.classList.contains("vh") || !box.width) continue;
    if (box.height < 43.5 || box.width < 43.5)
      small.push(`${met.tagName} ${met.className} "${met.innerText || met.name}" ${box.width} x ${box.height}`);
  }
  return small;
}"""
WIDE = "document.documentElement.scrollWidth > innerWidth ? document.documentElement.scrollWidth : 0"


def finger_faults(page: Page) -> list[str]:
    """What on the page is pressed and lower than a finger is wide, and how wide the page is where it is wider than the screen."""
    found, wide = page.evaluate(SMALL), page.evaluate(WIDE)
    return [*found, f"{wide} px wide"] if wide else found
