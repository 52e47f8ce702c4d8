"""Every word of the desk exists in Korean and Japanese, and says as much as the English one."""

import re
from pathlib import Path

import pytest
from babel.messages.extract import extract_from_dir
from babel.messages.pofile import read_po

ROOT = Path(__file__).resolve().parent.parent
MAPPING = [("sellerweb/**.py", "python"), ("templates/**.html", "jinja2")]
KEYWORDS = {"_": None, "_l": None, "gettext": None, "lazy_gettext": None, "ngettext": (1, 2), "_n": (1, 2)}
PLACEHOLDER = re.compile(r"%\((\w+)\)[sd]")


@pytest.fixture(scope="module")
def written():
    """The msgids in the code; of a plural, its singular."""
    found = set()
    for folder in ("sellerweb", "templates"):
        mapping = [
            (pattern.removeprefix(f"{folder}/"), kind) for pattern, kind in MAPPING if pattern.startswith(folder)
        ]
        for _file, _line, message, _comments, _context in extract_from_dir(ROOT / folder, mapping, keywords=KEYWORDS):
            found.add(message if isinstance(message, str) else message[0])
    return found


@pytest.fixture(params=["ko", "ja"], scope="module")
def catalog(request):
    with (ROOT / f"sellerweb/translations/{request.param}/LC_MESSAGES/messages.po").open("rb") as file:
        return [message for message in read_po(file) if message.id]


def _ids(message):
    return [message.id] if isinstance(message.id, str) else list(message.id)


def _strings(message):
    return [message.string] if isinstance(message.string, str) else list(message.string)


def test_every_word_in_the_code_is_in_the_catalog_and_no_other(catalog, written):
    assert {_ids(message)[0] for message in catalog} == written, "run bin/words"


def test_nothing_is_untranslated_or_guessed(catalog):
    assert [m.id for m in catalog if m.fuzzy or not all(_strings(m))] == []


def test_placeholders_are_the_same(catalog):
    wrong = [
        (message.id, string)
        for message in catalog
        for string in filter(None, _strings(message))
        if set(PLACEHOLDER.findall(string)) != set(PLACEHOLDER.findall(_ids(message)[-1]))
    ]
    assert wrong == []


def test_a_sentence_stays_a_sentence_and_a_word_a_word(catalog):
    ends = (".", "。", "!", "?", "…")
    wrong = [m.id for m in catalog if _ids(m)[-1].endswith("..") or any(s != s.strip() for s in _strings(m))]
    wrong += [
        m.id for m in catalog if _ids(m)[-1][-1] not in ends and any(s.endswith((".", "。")) for s in _strings(m))
    ]
    assert wrong == []


def test_msgids_are_english(written):
    known = ("발주발송관리", "엑셀다운")  # SmartStore's own menu, as its page spells it
    odd = [w for w in written if re.search("[가-힣ぁ-ヿ]", w) and not any(k in w for k in known)]
    assert odd == []
