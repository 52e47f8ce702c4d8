"""An answer as a tree that tests can ask, and the house rules that every answer must keep."""

from html.parser import HTMLParser
from xml.etree.ElementTree import Element, TreeBuilder

VOID = frozenset({"area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "source", "track", "wbr"})


class Page:
    """One answer of the desk. `find("#id")`, `find(".class")` and `find("tag")` give the first such element."""

    def __init__(self, response) -> None:
        self.response = response
        self.status = response.status_code
        self.headers = response.headers
        self.html = response.get_data(as_text=True)
        self.tree = _read(self.html)

    def all(self, selector: str) -> list[Element]:
        if selector.startswith("#"):
            return self.tree.findall(f".//*[@id='{selector[1:]}']")
        if selector.startswith("."):
            return [e for e in self.tree.iter() if selector[1:] in e.get("class", "").split()]
        return self.tree.findall(f".//{selector}")

    def find(self, selector: str) -> Element:
        found = self.all(selector)
        assert found, f"no {selector} in:\n{self.html}"
        return found[0]

    def text(self, selector: str = "body") -> str:
        return " ".join("".join(self.find(selector).itertext()).split())

    def form(self, action: str) -> Element:
        """The form that posts or asks at this address."""
        found = [f for f in self.all("form") if f.get("action", "").partition("?")[0] == action]
        assert found, f"no form to {action}; there are {[f.get('action') for f in self.all('form')]}"
        return found[0]


def filled(form: Element) -> dict[str, list[str]]:
    """What a browser would send of a form that nobody has touched."""
    values: dict[str, list[str]] = {}
    for e in form.iter():
        name, kind = e.get("name"), e.get("type")
        if not name or e.get("disabled") is not None:
            continue
        if e.tag == "select":
            options = e.findall(".//option")
            chosen = [o for o in options if o.get("selected") is not None] or options[:1]
            values.setdefault(name, []).extend(o.get("value", "".join(o.itertext())) for o in chosen)
        elif e.tag == "textarea":
            values.setdefault(name, []).append("".join(e.itertext()).removeprefix("\n"))
        elif kind in ("checkbox", "radio"):
            values.setdefault(name, []).extend([e.get("value", "on")] if e.get("checked") is not None else [])
        elif e.tag == "input" and kind not in ("submit", "file", "button", "reset"):
            values.setdefault(name, []).append(e.get("value", ""))
    return values


def house_rules(page: Page) -> list[str]:
    """What is wrong with an answer, in words; nothing when all is well."""
    wrong = []
    ids = [e.get("id") for e in page.tree.iter() if e.get("id") is not None]
    wrong += [f"id used twice: {i}" for i in sorted({i for i in ids if ids.count(i) > 1})]
    labelled = {e.get("for") for e in page.all("label")}
    wrapped = {c for label in page.all("label") for c in label.iter()}
    for e in page.tree.iter():
        wrong += [f"inline {a} on <{e.tag}>" for a in e.attrib if a == "style" or a.startswith(("on", "hx-on"))]
        for attribute in ("aria-describedby", "aria-labelledby", "aria-controls"):
            wrong += [f"{attribute} names nothing: {i}" for i in e.get(attribute, "").split() if i not in ids]
        if e.tag in ("style", "center", "font") or (e.tag == "script" and not e.get("src")):
            wrong.append(f"<{e.tag}> in the page")
        asks = e.tag in ("input", "select", "textarea") and e.get("type") not in ("hidden", "submit")
        named = e.get("id") in labelled or e in wrapped or e.get("aria-label") or e.get("aria-hidden")
        if asks and not named:
            wrong.append(f"a field without a label: {e.attrib}")
    for form in page.all("form"):
        if not form.get("action"):
            wrong.append(f"a form without an action: {form.attrib}")
        if form.get("method") == "post" and "csrf_token" not in filled(form):
            wrong.append(f"a form without its token: {form.attrib}")
        if form.get("method") == "get" and "csrf_token" in filled(form):
            wrong.append(f"a token that would stand in an address: {form.attrib}")
    if page.all("html"):
        titles = ["".join(t.itertext()).strip() for t in page.all("title")]
        if len(titles) != 1 or titles[0].startswith("·"):
            wrong.append(f"not one title: {titles}")
        if not page.find("html").get("lang"):
            wrong.append("no language")
        if len(page.all("main")) != 1 or len(page.all("h1")) != 1:
            wrong.append(f"not one main and one h1: {len(page.all('main'))}, {len(page.all('h1'))}")
    return wrong


class _Reader(HTMLParser):
    """Strict where browsers forgive: what is opened must be closed."""

    def __init__(self) -> None:
        super().__init__()
        self.builder = TreeBuilder()
        self.builder.start("answer", {})
        self.open: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        names = [name for name, _ in attrs]
        assert len(names) == len(set(names)), f"an attribute twice on {self.get_starttag_text()}"
        self.builder.start(tag, {name: value or "" for name, value in attrs})
        if tag in VOID:
            self.builder.end(tag)
        else:
            self.open.append(tag)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.handle_starttag(tag, attrs)
        if tag not in VOID:
            self.handle_endtag(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open, f"</{tag}> closes nothing"
        assert self.open[-1] == tag, f"</{tag}> closes <{self.open[-1]}>, line {self.getpos()[0]}"
        self.open.pop()
        self.builder.end(tag)

    def handle_data(self, data: str) -> None:
        self.builder.data(data)


def _read(html: str) -> Element:
    reader = _Reader()
    reader.feed(html)
    reader.close()
    assert not reader.open, f"never closed: {reader.open}"
    reader.builder.end("answer")
    return reader.builder.close()
