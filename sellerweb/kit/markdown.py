"""Markdown as safe HTML: headings, lists, tables, emphasis, links. No HTML of one's own, no pictures. Knows no orders.

Two fences: the parser takes no HTML in, and the cleaner lets nothing out but a few tags; a link keeps its address.
"""

import nh3
from markdown_it import MarkdownIt
from markupsafe import Markup

# Deeply nested quotes and lists make a parser slow and a page unreadable.
NESTING = 12
_TAGS = {
    "h2", "h3", "h4", "h5", "h6", "p", "br", "hr", "ul", "ol", "li", "blockquote", "strong", "em", "s", "code", "pre", "a",
    "table", "thead", "tbody", "tr", "th", "td",
}  # fmt: skip
_PARSER = MarkdownIt("js-default", {"html": False, "linkify": False, "maxNesting": NESTING}).disable("image")


def html(words: str) -> Markup:
    """The words as HTML, one heading lower than written: the page has its own first one."""
    tokens = _PARSER.parse(words)
    for token in tokens:
        if token.type.startswith("heading_"):
            token.tag = f"h{min(int(token.tag[1]) + 1, 6)}"
    raw = _PARSER.renderer.render(tokens, _PARSER.options, {})
    clean = nh3.clean(
        raw,
        tags=_TAGS,
        attributes={"a": {"href"}, "ol": {"start"}},
        url_schemes={"http", "https", "mailto", "tel"},
        link_rel="noopener noreferrer",
    )
    return Markup(clean)  # noqa: S704 (cleaned just above)
