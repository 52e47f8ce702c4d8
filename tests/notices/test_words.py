"""The words that we ship: every told move, three languages, and gaps that can be filled."""

import re
import string
from itertools import product

import pytest

from sellerweb.shop import fees, letters, placeholders
from sellerweb.shop.letters import LETTERS
from sellerweb.shop.own_words import LANGUAGES
from sellerweb.shop.placeholders import PLACEHOLDERS
from sellerweb.shop.states import STAGES, TIMETABLE

every_letter = pytest.mark.parametrize("letter", LETTERS)
every_language = pytest.mark.parametrize("language", LANGUAGES)


def all_of(words: letters.Words) -> str:
    return f"{words.subject}\n{words.body}\n{words.sms}"


def test_every_told_move_has_a_letter_and_nothing_else_has():
    told = {f"{move.thing}_{move.verb}" for move in TIMETABLE if move.told} - {"order_repeat"}
    for language in LANGUAGES:
        assert {file.stem for file in (letters.FOLDER / language).glob("*.txt")} == told


@every_letter
@every_language
def test_a_letter_has_a_subject_a_body_and_a_text_message_that_may_be_sent(letter, language):
    words = letters.ours(letter, language)
    letters.check(letter, words)
    for part in (words.body, words.sms):
        assert {"shop", "order_no", "link"} <= placeholders.used(part)
    assert {"shop", "order_no"} <= placeholders.used(words.subject)
    assert "customer" in placeholders.used(words.body)


@every_letter
def test_a_letter_says_the_same_in_every_language(letter):
    said = [letters.ours(letter, language) for language in LANGUAGES]
    for part in ("subject", "body", "sms"):
        gaps = [sorted(placeholders.used(getattr(words, part))) for words in said]
        assert gaps[0] == gaps[1] == gaps[2], part


@every_language
def test_a_letter_names_its_gaps_in_its_own_language(language):
    own = {p.name(language) for p in PLACEHOLDERS}
    for letter in LETTERS:
        named = set(re.findall(r"\[([^\[\]]+)\]", all_of(letters.ours(letter, language))))
        assert named <= own, letter


def test_what_the_ship_letter_must_say():
    used = placeholders.used(letters.ours("shipment_ship", "ko").body)
    assert {"carrier", "number", "tracking", "items", "remaining"} <= used
    for letter in ("cancel_cancel", "cancel_approve", "return_finish"):
        assert {"items", "refund", "refund_how", "fees"} <= placeholders.used(letters.ours(letter, "ko").body)
    assert "ship_day" in placeholders.used(letters.ours("order_promise", "ko").body)
    assert {"reason", "note"} <= placeholders.used(letters.ours("order_delay", "ko").body)
    assert placeholders.used(letters.ours("order_answer", "ko").body) == {
        "customer", "shop", "order_no", "link", "answer",
    }  # fmt: skip


def test_a_preview_has_no_gap_left(context):
    for letter, language in product(LETTERS, LANGUAGES):
        shown = letters.preview(letter, letters.ours(letter, language), language)
        assert "달빛문구" in shown.subject
        assert not re.search(r"\[[^\[\]]+\]", all_of(shown).replace("[달빛문구]", "")), letter
        assert "/my/…" in shown.body


@every_language
def test_the_phrases_are_whole(language):
    ours, korean = letters.phrases(language), letters.phrases("ko")
    for subject, said in korean.items():
        assert set(ours[subject]) == set(said), subject
        for code, phrase in said.items():
            assert ours[subject][code].strip(), code
            assert _gaps(ours[subject][code]) == _gaps(phrase), (subject, code)
    assert set(ours["stage"]) == set(STAGES)
    assert {r.code for reasons in fees.REASONS.values() for r in reasons} | {"shipped"} == set(ours["reason"])
    assert {p.key for p in PLACEHOLDERS} - set(ours["sample"]) == {"shop", "link"}  # these are the shop's own


def test_the_korean_is_spoken_politely_and_alike():
    """해요체 throughout: a sentence ends in 요, and none in 니다."""
    for letter in LETTERS:
        words = all_of(letters.ours(letter, "ko"))
        assert "니다" not in words, letter
        sentences = re.findall(r"[가-힣][^.\n]*?([가-힣]+)\.", words)
        assert {end[-1] for end in sentences} <= {"요"}, letter


def test_the_japanese_is_polite_and_alike():
    for letter in LETTERS:
        sentences = re.findall(r"([^。\n]+)。", all_of(letters.ours(letter, "ja")))
        assert all(re.search(r"(です|ます|ました|ません|ください|でした)$", s) for s in sentences), letter


def _gaps(phrase: str) -> set[str]:
    return {name for _text, name, _spec, _conversion in string.Formatter().parse(phrase) if name}
