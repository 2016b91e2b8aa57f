"""Every sentence stands in both languages, is used, and is easy to read."""

import ast
import re
import tomllib
from datetime import date
from pathlib import Path

import pytest

from bot.texts import LANGUAGES, TextMissingError, candidates, load_texts, to_words
from intents.dialogs import load_dialogs
from intents.dialogs.shared_slots import filed
from intents.exchange import Lines, Phrase
from intents.grosslist import load_policy
from intents.language import tokenize

ROOT = Path(__file__).resolve().parents[1]
TEXTS = load_texts()
PLACEHOLDER = re.compile(r"\{(\w+)\}")
FILES = sorted(path.name for path in (ROOT / "bot/texts/sv").glob("*.toml"))
#: Problems any slot may have beside those of its kind.
ALWAYS = ("must_know", "required", "empty", "too_long", "choice")
#: Longest step from plain to dense Swedish that a text may take.
HARDEST = 45
#: A text of a few words has no meaningful LIX.
ENOUGH_WORDS = 40


def dialog_keys():
    """The keys that the tables call for; each must lead to a sentence."""
    for dialog in load_dialogs().values():
        if dialog.intro:
            yield f"{dialog.name}.intro"
        if dialog.done.__qualname__ == filed(dialog.name).__qualname__:
            yield from (f"{dialog.name}.done", f"{dialog.name}.amended")
        for slot in dialog.slots:
            prefix = f"{dialog.name}.{slot.name}"
            yield from (f"{prefix}.ask", f"{prefix}.why", f"common.help.{slot.kind.name}")
            if slot.name != "confirm":
                yield f"{prefix}.label"
            yield from (f"{prefix}.option.{code}" for code in slot.kind.codes)
            yield from (f"{prefix}.problem.{code}" for code in slot.kind.problems)


def written_keys():
    """Keys written out in the code, and patterns of those that are put together there."""
    whole, patterns = set(), set()
    for folder in ("intents", "bot"):
        for path in (ROOT / folder).rglob("*.py"):
            for node in ast.walk(ast.parse(path.read_text("utf-8"))):
                if isinstance(node, ast.Constant) and isinstance(node.value, str):
                    whole.add(node.value)
                elif isinstance(node, ast.JoinedStr):
                    patterns.add(pattern_of(node))
    return whole, [re.compile(pattern) for pattern in patterns if pattern]


def pattern_of(node):
    """A regex for an f-string that begins with words; others could be any key."""
    first = node.values[0]
    if not isinstance(first, ast.Constant) or "." not in first.value:
        return ""
    parts = [re.escape(p.value) if isinstance(p, ast.Constant) else r"[\w.]+" for p in node.values]
    return "".join(parts) + r"(\.one|\.many)?$"


def leads_to(pattern, key, written):
    """Does a pattern lead to the key? "common.{name}" does only if the name is written too."""
    if re.fullmatch(r"\w+\\\.\[\\w\.\]\+\(.*", pattern.pattern):
        return bool(pattern.match(key)) and key.split(".", 1)[1] in written
    return bool(pattern.match(key))


def plain(key):
    return re.sub(r"\.(one|many)$", "", key)


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_key_a_dialog_needs_leads_to_a_sentence(language):
    missing = []
    for key in dialog_keys():
        try:
            TEXTS.resolve(key, language, {"count": 2})
        except TextMissingError:
            missing.append(key)
    assert not missing


def test_both_languages_have_the_same_keys():
    assert set(TEXTS.sentences["sv"]) == set(TEXTS.sentences["en"])


def test_both_languages_fill_in_the_same_things():
    for key, sentence in TEXTS.sentences["sv"].items():
        assert set(PLACEHOLDER.findall(sentence)) == set(
            PLACEHOLDER.findall(TEXTS.sentences["en"][key])
        ), key


def test_no_sentence_is_unused():
    whole, patterns = written_keys()
    for dialog in load_dialogs():
        whole |= {f"{dialog}.{name}" for name in ALWAYS}
    needed = {TEXTS.resolve(key, "sv", {"count": 2}) for key in dialog_keys()}
    needed |= {f"common.problem.{code}" for code in ALWAYS}
    ours = (*load_dialogs(), "common")
    unused = [
        key
        for key in TEXTS.sentences["sv"]
        if key.split(".")[0] in ours
        and key not in needed
        and plain(key) not in {plain(k) for k in needed}
        and plain(key) not in whole
        and not any(leads_to(pattern, plain(key), whole) for pattern in patterns)
    ]
    assert not unused


def test_every_verdict_code_of_the_rule_has_a_sentence():
    source = (ROOT / "intents/grosslist.py").read_text("utf-8")
    notes = """GRANSFALL FTE INTERVALL OPTION RAMAVTAL INTERRUPTION EXTRA_PLACES TENDERING_ONLY
        INVALID_DATE UNCLEAR_TIME REVERSED_PERIOD SEVERAL_TIMES"""
    codes = tokens_of(notes)
    assert all(code in source for code in codes)
    assert load_policy().rule_version
    for language in LANGUAGES:
        for code in codes:
            TEXTS.render(f"screening.note.{code}", language)


def tokens_of(text):
    return text.split()


def lix(text):
    """Björnsson's LIX: words per sentence plus the share of words of more than six letters."""
    words = [token.text for token in tokenize(PLACEHOLDER.sub("ord", text))]
    sentences = max(1, len(re.findall(r"[.!?:](?:\s|$)", text)))
    long_words = sum(len(word) > 6 for word in words)
    return len(words) / sentences + 100 * long_words / max(1, len(words))


@pytest.mark.parametrize("name", FILES)
def test_the_swedish_is_easy_to_read(name):
    raw = tomllib.loads((ROOT / "bot/texts/sv" / name).read_text("utf-8"))
    sentences = [s for s in leaves(raw) if len(tokenize(s)) >= 5]
    if sum(len(tokenize(s)) for s in sentences) < ENOUGH_WORDS:
        pytest.skip("mostly labels")
    text = "\n".join(s if s.rstrip().endswith((".", "!", "?")) else f"{s}." for s in sentences)
    assert lix(text) < HARDEST, f"{name}: LIX {lix(text):.0f}"


def leaves(table):
    for value in table.values():
        if isinstance(value, dict):
            yield from leaves(value)
        else:
            yield str(value)


def test_a_text_that_is_missing_says_which():
    with pytest.raises(TextMissingError, match=r"no\.such\.key"):
        TEXTS.render("no.such.key", "sv")
    with pytest.raises(TextMissingError, match="answer_days"):
        TEXTS.render("handover.done", "sv", number="H-2026-0001")


def test_a_dialogs_own_text_goes_before_the_common_one():
    assert TEXTS.render("follow_up.results.option.later", "sv") == "Fråga senare"
    assert TEXTS.render("deviation.results.option.later", "sv") == "Inte klart än"
    assert "common.problem.date" in candidates("deviation.event_date.problem.date")


def test_values_read_as_words():
    assert TEXTS.show(("en", "två", "tre"), "sv") == "en, två och tre"
    assert TEXTS.show(("one", "two"), "en") == "one and two"
    assert TEXTS.show(Lines(("a", "b")), "sv") == "a\nb"
    assert TEXTS.show(Phrase("common.outcome.larling", {"count": 1}), "sv") == "1 lärlingsplats"
    assert TEXTS.show(Phrase("common.outcome.larling", {"count": 2}), "en") == "2 apprenticeships"
    assert to_words(date(2026, 3, 14), "sv") == "14 mars 2026"
    assert TEXTS.show(1.5, "sv") == "1,5"


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_text_names_a_person_or_an_address(language):
    for key, sentence in TEXTS.sentences[language].items():
        assert not re.search(r"\S@\S+\.\w", sentence), key
        assert not re.search(r"\b0\d{1,3}[- ]\d{2,3}[ ]?\d{2}", sentence), key
