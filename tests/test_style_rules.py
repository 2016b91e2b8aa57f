"""Rules of the whole tree that no linter knows. They read every file the project holds."""

from __future__ import annotations

import hashlib
import re
import subprocess
from collections.abc import Iterator
from functools import cache
from itertools import pairwise
from pathlib import Path

import pytest

from intents.language import tokenize

ROOT = Path(__file__).resolve().parent.parent
PACKAGES = ("bot", "knowledge", "intents", "storage")
#: Pinned names and an embedding vocabulary say nothing in the project's own words.
NOT_PROSE = ("constraints.txt", "knowledge/model/", "tests/e2e/package-lock.json", "LICENSE")
LONGEST_MODULE = 400

# A class of one letter keeps each pattern from finding itself.
MACHINE_PATH = re.compile(r"(?<![\w.:/])/(wor[k]|roo[t]|hom[e]|User[s]|tm[p])/\w|\b[A-Z]:\\Use[r]s")
PACKAGE_HOST = re.compile(
    r"py[p]i\.org|python[h]osted|npm[j]s\.(org|com)|pytorc[h]\.org|debia[n]\.org|anacond[a]\.org"
    r"|docke[r]\.io|gh[c]r\.io|qua[y]\.io|jsdelive?[r]\.|unpk[g]",
    re.I,
)
MAKING_OF = re.compile(
    r"\bclaud[e]\b|\banthropi[c]\b|\bsub-?agent[s]?\b"
    r"|\b(the|an?) coordinato[r]\b|\b(the|this|my) brie[f]\b|\bissue[s]? (#|\d|says|asks)"
    r"|\bas an a[i] (model|assistant)|\b(the|your) promp[t] (says|asks)|design\.m[d]|domain\.m[d]",
    re.I,
)
UNFINISHED = re.compile(r"\b(TOD[O]|FIXM[E]|XX[X])\b")
VAGUE_NAMES = re.compile(r"\b(utils?|helpers?|base|managers?|misc|common)\.py$")
ADDRESS = re.compile(r"[\w.%+-]+@[\w-]+(\.[\w-]+)*\.[^\W\d]{2,}")
#: Names reserved for examples, and the connection part of a database address.
EXAMPLE_ADDRESS = re.compile(
    r"@([\w-]+\.)*example(\.(org|com|net|se))?$|^(upphandling@gmail\.com)$"
)
MAILBOX_PLACES = ("bot/settings.py", "tests/test_bot_settings.py", "README.md")
PHONE = re.compile(
    r"(?<![\d-])(\+46[ (]*0?\)?|0)[1-9]\d{0,2}[- /]{1,3}\d{2,3} ?\d{2} ?\d{2,3}(?![\d-])"
)
#: Numbers no subscriber has: those set aside for fiction, and round ones.
NO_SUBSCRIBER = re.compile(r"31-?390 ?06|70-?1740 ?6|8-?465 ?00 ?4|980-?319 ?2|40-?628 ?04|00 ?00$")
#: Persons named on the pages the starter guidance builds on; hashed, so that they are not here.
NAMES = frozenset(
    (
        "0f129e26c24304af",
        "4d6d4417485d2edd",
        "510c72a5abe998cb",
        "582c23416a8cbd5a",
        "5d4cc32609913655",
        "6f099c1cfd613812",
        "a6e5c96bcc5cf660",
        "ac262a75bbce8a43",
        "b63bba34eac6edf7",
        "ba99145fd00f9309",
        "c9343d84cd17a931",
        "d09832b5cfa4389f",
        "e5231ce3383a4f7e",
        "f3a97315af7713b8",
        "f486924b7f36a384",
        "f85acabde14ba05e",
        "fbb06fa5edb884a7",
    )
)


@cache
def files() -> tuple[str, ...]:
    """Everything version control holds or would take in; all but the ignored."""
    command = ["git", "ls-files", "-co", "--exclude-standard"]
    try:
        listed = subprocess.run(
            command, cwd=ROOT, capture_output=True, check=True, encoding="utf-8"
        )
    except (OSError, subprocess.CalledProcessError):
        pytest.skip("not a checkout")
    return tuple(sorted(name for name in listed.stdout.splitlines() if (ROOT / name).is_file()))


@cache
def texts() -> dict[str, str]:
    found = {}
    for name in files():
        try:
            found[name] = (ROOT / name).read_text(encoding="utf-8")
        except UnicodeDecodeError:
            continue
    return found


def prose() -> dict[str, str]:
    return {name: text for name, text in texts().items() if not name.startswith(NOT_PROSE)}


def hits(pattern: re.Pattern[str], places: dict[str, str]) -> list[str]:
    return [
        f"{name}:{number}: {match[0]}"
        for name, text in places.items()
        for number, line in enumerate(text.splitlines(), 1)
        if (match := pattern.search(line))
    ]


def modules() -> list[str]:
    return [name for name in files() if name.endswith(".py")]


def test_no_path_of_a_machine_is_written_down() -> None:
    assert not hits(MACHINE_PATH, prose())


def test_no_host_of_a_package_index_is_named() -> None:
    assert not hits(PACKAGE_HOST, texts())


def test_the_project_speaks_of_itself_alone() -> None:
    assert not hits(MAKING_OF, prose())


def test_nothing_is_left_to_do() -> None:
    assert not hits(UNFINISHED, prose())


def test_every_module_is_named_for_what_it_does() -> None:
    assert not [name for name in modules() if VAGUE_NAMES.search(name)]


def test_no_module_is_too_long_to_read() -> None:
    lengths = {name: texts()[name].count("\n") for name in modules()}
    assert not {name: lines for name, lines in lengths.items() if lines > LONGEST_MODULE}


def test_no_address_of_a_person_or_a_real_mailbox_stands_anywhere() -> None:
    """The functional mailbox is a setting: its default stands there, and articles have a place."""
    found = [
        f"{name}: {match[0]}"
        for name, text in prose().items()
        for match in ADDRESS.finditer(text)
        if not EXAMPLE_ADDRESS.search(match[0]) and name not in MAILBOX_PLACES
    ]
    assert not found


def test_no_phone_number_of_anyone_stands_anywhere() -> None:
    found = [
        f"{name}: {match[0]}"
        for name, text in prose().items()
        for match in PHONE.finditer(text)
        if not NO_SUBSCRIBER.search(match[0])
    ]
    assert not found


def test_nobody_is_named() -> None:
    for name, text in prose().items():
        words = [token.folded for token in tokenize(text)]
        said = {*words, *(" ".join(pair) for pair in pairwise(words))}
        assert not [term for term in said if hashed(term) in NAMES], name


def hashed(term: str) -> str:
    return hashlib.sha256(f"hänsyn {term}".encode()).hexdigest()[:16]


def test_every_link_of_the_readme_leads_somewhere() -> None:
    readme = texts()["README.md"]
    links = re.findall(r"\]\(([^)#\s]+)", readme)
    relative = [link for link in links if "://" not in link and not link.startswith("mailto:")]
    assert not [link for link in relative if not (ROOT / link).exists()]


def anchors(markdown: str) -> Iterator[str]:
    for heading in re.findall(r"^#+ (.+)$", markdown, re.M):
        yield re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-")


def test_every_jump_within_the_readme_has_a_heading() -> None:
    readme = texts()["README.md"]
    assert set(re.findall(r"\]\(#([^)]+)\)", readme)) <= set(anchors(readme))


def test_the_readme_names_every_setting() -> None:
    settings = pytest.importorskip("bot.settings")
    names = {f"HANSYN_{name.upper()}" for name in settings.Settings.model_fields}
    assert not {name for name in names if not re.search(rf"\b{name}\b", texts()["README.md"])}


def test_the_readme_names_every_command() -> None:
    cli = pytest.importorskip("bot.cli")
    from typer.main import get_command

    names = set(get_command(cli.app).commands)
    assert not {name for name in names if f"hansyn {name}" not in texts()["README.md"]}
