"""Markdown as HTML: what it makes, and that nothing hostile comes out of it, nor takes long."""

import time
from html.parser import HTMLParser

import pytest

from sellerweb.kit import markdown


class Seen(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.tags = []

    def handle_starttag(self, tag, attrs):
        self.tags.append((tag, dict(attrs)))


def test_it_makes_what_a_short_page_needs():
    made = markdown.html(
        "# Steps\n\n1. **one**\n2. [two](https://example.com/a?b=1&c=2)\n\n| a | b |\n| - | - |\n| 1 | 2 |\n\n> quote"
    )
    for part in (
        "<h2>Steps</h2>",
        "<ol>",
        "<strong>one</strong>",
        'href="https://example.com/a?b=1&amp;c=2"',
        "<td>2</td>",
        "<blockquote>",
    ):
        assert part in made
    assert 'rel="noopener noreferrer"' in made


@pytest.mark.parametrize(
    "words",
    [
        "<script>alert(1)</script>",
        "<img src=x onerror=alert(1)>",
        "![x](https://elsewhere.example/x.png)",
        "![x][r]\n\n[r]: https://elsewhere.example/x.png",
        "[x](javascript:alert(1))",
        "[x](JaVa&#115;cript:alert(1))",
        "[x](vbscript:x) [y](data:text/html;base64,PHNjcmlwdD4=)",
        "<a href=javascript:alert(1)>x</a>",
        '[x](https://ok.example "\' onmouseover=alert(1) \\"")',
        "<javascript:alert(1)>",
        "```html\n<script>alert(1)</script>\n```",
        "<style>*{display:none}</style><svg onload=alert(1)><iframe src=//e></iframe><form action=/x>",
        "<!-- --!><img src=x>-->",
    ],
)
def test_nothing_hostile_comes_out(words):
    seen = Seen()
    seen.feed(str(markdown.html(words)))
    for tag, attributes in seen.tags:
        assert tag in markdown._TAGS
        assert attributes.keys() <= {"href", "rel", "title", "start"}
        assert attributes.get("href", "https:").startswith(("https:", "/"))


@pytest.mark.parametrize(
    "piece", ["[", "![", "*a ", "_*", "> ", "`", "a|", "[a](b", "&#1;", "[x]: /u\n", "  - a\n", "|-"]
)
def test_ten_thousand_hostile_characters_take_no_time(piece):
    words, begun = (piece * 10_000)[:10_000], time.process_time()
    markdown.html(words)
    assert time.process_time() - begun < 2
