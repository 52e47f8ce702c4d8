"""A person at a browser: opens pages, fills the forms found there, submits them; every answer keeps the house rules."""

from typing import Any

from page import Page, filled, house_rules

PASSWORD = "moonlit paper crane 7"


class Person:
    """`desk.open("/orders")`, `desk.fill("/orders/A1/ship", number="…")`; `htmx=True` asks as htmx does."""

    def __init__(self, client, name: str = "") -> None:
        self.client, self.name = client, name
        self._secret, self._token = None, ""

    def sign_in(self, name: str = "", password: str = PASSWORD, next: str = "") -> Page:
        return self.fill("/sign-in" + (f"?next={next}" if next else ""), name=name or self.name, password=password)

    def open(self, path: str, *, status: int | None = 200, htmx: bool = False, **headers: str) -> Page:
        return self._seen(self.client.get(path, headers=self._headers(htmx, headers)), status)

    def post(
        self, path: str, values: dict[str, Any], *, status: int | None = None, htmx: bool = False, **headers: str
    ) -> Page:
        """Sends `values` with this browser's token, wherever a form for them may stand."""
        values = {"csrf_token": self.token(), **values}
        return self._seen(self.client.post(path, data=values, headers=self._headers(htmx, headers)), status)

    def submit(self, page: Page, action: str, *, status: int | None = None, htmx: bool = False, **values: Any) -> Page:
        """Fills the form of `page` that goes to `action`; what is not given stays as the page has it."""
        form = page.form(action)
        unknown = set(values) - {e.get("name") for e in form.iter()}
        assert not unknown, f"the form to {action} has no {unknown}"
        data = {**filled(form), **values}
        if form.get("method") == "post":
            answer = self.client.post(form.get("action"), data=data, headers=self._headers(htmx, {}))
        else:
            answer = self.client.get(form.get("action"), query_string=data, headers=self._headers(htmx, {}))
        return self._seen(answer, status)

    def fill(self, path: str, *, status: int | None = None, htmx: bool = False, **values: Any) -> Page:
        """Opens `path` and submits the form there that goes to the same address."""
        return self.submit(self.open(path), path.partition("?")[0], status=status, htmx=htmx, **values)

    def follow(self, page: Page) -> Page:
        assert page.status in (302, 303), page.status
        return self.open(page.headers["Location"])

    def token(self) -> str:
        """The token that the forms of this browser have: the one last seen, unless its session began anew."""
        with self.client.session_transaction() as session:
            secret = session.get("csrf_token")
        if secret is None or secret != self._secret:
            page = self.open("/password", status=None)
            page = page if page.status == 200 else self.open("/sign-in")
            self._token = next(e.get("value") for e in page.all("input") if e.get("name") == "csrf_token")
            with self.client.session_transaction() as session:
                self._secret = session["csrf_token"]
        return self._token

    def _headers(self, htmx: bool, more: dict[str, str]) -> dict[str, str]:
        asked = {"HX-Request": "true", "HX-Request-Type": "partial"} if htmx else {}
        return asked | {name.replace("_", "-"): value for name, value in more.items()}

    def _seen(self, response, status: int | None) -> Page:
        ours = response.mimetype == "text/html" and response.status_code not in (301, 302, 303, 308)
        page = Page(response) if ours else _Other(response)
        if status is not None:
            assert page.status == status, f"{page.status}, not {status}:\n{page.html}"
        if ours:
            assert house_rules(page) == []
        return page


class _Other(Page):
    """An answer that is no page: a file, a redirect, or nothing."""

    def __init__(self, response) -> None:
        self.response, self.status, self.headers = response, response.status_code, response.headers
        self.html = ""
