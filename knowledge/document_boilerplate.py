"""What a page carries beside its text: menus, banners, page headers, contacts, links.

Nothing disappears unseen: every piece comes back as ``Dropped`` with its reason, and whoever
imports the file is shown it.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from datetime import date

from intents.personal_data import find
from knowledge.document_headings import RUNNING, is_running
from knowledge.imported import Block, Dropped, Raw, Reason

_MONTH_LINE = """januari februari mars april maj juni juli augusti september oktober november
    december"""
MONTHS = _MONTH_LINE.split()
#: "Senast uppdaterad: 2017-01-10", "Publicerad: 3 oktober 2018".
DATED = re.compile(
    r"^(?P<what>publicera\w*|(?:senast )?(?:uppdatera\w*|ändra\w*|granska\w*)|sidan uppdaterad\w*)"
    r"(?: den)?\s*:?\s*"
    r"(?:(?P<iso>\d{4}-\d\d-\d\d)|(?P<day>\d{1,2}) (?P<month>[a-z]+) (?P<year>\d{4}))"
    r"[\s\d.:,kl]*$",
    re.IGNORECASE,
)
CONTACT_HEADING = re.compile(
    r"^(?:kontakt(?:a oss|person(?:er)?|uppgifter|information)?|informationsansvarig\w*|"
    r"sidansvarig\w*|redaktör|presskontakt|handläggare|relaterat|relaterad (?:information|läsning)|"
    r"läs (?:vidare|mer)|länkar|dela|dela sidan|mer information|ladda (?:ner|ned))\b[^.]{0,30}:?$",
    re.IGNORECASE,
)
CONTACT_LINE = re.compile(
    r"^(?:kontaktperson\w*|informationsansvarig\w*|sidansvarig\w*|handläggare|telefon|tel|e-post|"
    r"mejl|besöksadress|postadress|växel|fax)\b[^.\n]{0,40}:\s*\S",
    re.IGNORECASE,
)
_NAME = r"[A-ZÅÄÖÉ][a-zåäöéü]+(?:[ -][A-ZÅÄÖÉ][a-zåäöéü]+)+"
#: Two people under their picture, or who took it.
CAPTION = re.compile(rf"^(?:(?:Foto|Bild|Fotograf)\s*:.{{0,60}}|{_NAME} och {_NAME}\.?)$")
COOKIES = re.compile(r"\b(?:kakor|cookies?)\b", re.IGNORECASE)
FEEDBACK = re.compile(
    r"hjälpte (?:informationen|sidan|texten)|tack för att du hjälper|var sidan till hjälp|"
    r"hittade du det du sökte|titta först på våra frågor och svar|har du en fråga med anledning av",
    re.IGNORECASE,
)
MENU = re.compile(
    r"^(?:start(?:sidan)?|hem|meny|sök|logga in|till innehållet|hoppa till .*|skriv ut|lyssna|"
    r"twitter|x|facebook|youtube|instagram|linkedin|rss|prenumerera|english|lättläst|teckenspråk|"
    r"om webbplatsen|tillgänglighet\w*|dela|nyheter|press|a-ö|du är här:?.*|"
    r"tillbaka(?: till .*)?)$",
    re.IGNORECASE,
)
DOWNLOAD = re.compile(
    r"\((?:pdf|docx?|xlsx?)\b[^)]*\)\s*$|nytt fönster\)?\s*$|^ladda (?:ner|ned)\b[^.]{0,60}:?$",
    re.IGNORECASE,
)
#: A line of a table of contents, and what stands above it.
CONTENTS = re.compile(
    r"(?:\. ?|…){4,}\s*\d{1,4}(?:\s|$)|^innehåll(?:sförteckning)?:?$", re.IGNORECASE
)
PAGE_NUMBER = re.compile(r"^(?:sida|sid|s\.)?\s*\d{1,4}\s*(?:(?:av|\(|/)\s*\d{1,4}\)?)?$", re.I)
DIGITS = re.compile(r"\d+")
#: A contact box: few short lines with a phone number or a person's address.
LONGEST_CONTACT = 220
LONGEST_BANNER = 60
SHORT = 60
#: Lines in a row that are a menu when two of them name menu items.
FEWEST_MENU_ITEMS = 2
#: The same short line on this share of the pages is a page header.
REPEATED_SHARE = 0.5
FEWEST_PAGES = 3


def without_boilerplate(raw: Raw) -> Raw:
    """The raw text without what is no text; ``date`` is filled from the page where it says one."""
    left = Raw([], raw.title, raw.date, list(raw.dropped), raw.warnings)
    blocks = _drop(raw.blocks, _repeated(raw.blocks), "repeated", left)
    blocks = _take_dates(blocks, left)
    for reason, is_it in LINES:
        blocks = _drop(blocks, _chosen(blocks, is_it), reason, left)
    blocks = _drop(blocks, _menus(blocks), "menu", left)
    blocks = _drop(blocks, _contact_parts(blocks), "contact", left)
    left.blocks = blocks
    return left


def without_empty_headings(blocks: Sequence[Block], left: Raw) -> list[Block]:
    """Drops guessed headings with nothing under them: labels of links and pictures."""
    kept: list[Block] = []
    for block in reversed(blocks):
        above = not kept or (kept[-1].level and kept[-1].level <= block.level)
        if block.level and block.rule in {"alone", "bold"} and above:
            left.dropped.append(Dropped(block.text, "link", block.page))
        else:
            kept.append(block)
    return kept[::-1]


def _drop(blocks: Sequence[Block], which: set[int], reason: Reason, left: Raw) -> list[Block]:
    left.dropped += [
        Dropped(block.text, reason, block.page) for at, block in enumerate(blocks) if at in which
    ]
    return [block for at, block in enumerate(blocks) if at not in which]


def _chosen(blocks: Sequence[Block], is_it: Callable[[Block], bool]) -> set[int]:
    return {at for at, block in enumerate(blocks) if is_it(block)}


def _repeated(blocks: Sequence[Block]) -> set[int]:
    """Page headers and footers: the same line, but for its numbers, on most pages."""
    pages = {block.page for block in blocks}
    if len(pages) < FEWEST_PAGES:
        return _chosen(blocks, lambda block: bool(block.page and PAGE_NUMBER.match(block.text)))
    on: dict[str, set[int]] = {}
    for block in blocks:
        on.setdefault(_shape(block), set()).add(block.page)
    often = {shape for shape, seen in on.items() if len(seen) >= REPEATED_SHARE * len(pages)}
    return _chosen(
        blocks,
        lambda block: (
            (_may_repeat(block) and _shape(block) in often) or bool(PAGE_NUMBER.match(block.text))
        ),
    )


def _may_repeat(block: Block) -> bool:
    return len(block.text) <= 2 * SHORT and not block.text.endswith(".")


def _shape(block: Block) -> str:
    # "Kapitel 1", "Kapitel 2" are no page headers; "Sida 1", "Sida 2" are.
    return block.text if block.level else DIGITS.sub("0", block.text.casefold())


def _take_dates(blocks: Sequence[Block], left: Raw) -> list[Block]:
    """Reads "Publicerad: 3 oktober 2018"; such a line below the text ends the page."""
    found: dict[str, str] = {}
    which: set[int] = set()
    ends = len(blocks)
    last = max((at for at, block in enumerate(blocks) if is_running(block)), default=0)
    for at, block in enumerate(blocks):
        if len(block.text) <= SHORT and (match := DATED.match(block.text)):
            found[match["what"].casefold()] = _iso(match)
            which.add(at)
            if at > len(blocks) / 2 and (at >= last or not block.page):
                ends = min(ends, at)
    footer = set(range(ends, len(blocks))) - which
    left.date = max(filter(None, found.values()), default="") or left.date
    _drop(blocks, which, "date", left)
    _drop(blocks, footer, "footer", left)
    return [block for at, block in enumerate(blocks) if at not in which | footer]


def _iso(match: re.Match[str]) -> str:
    if match["iso"]:
        year, month, day = map(int, match["iso"].split("-"))
    elif match["month"].casefold() in MONTHS:
        month = MONTHS.index(match["month"].casefold()) + 1
        year, day = int(match["year"]), int(match["day"])
    else:
        return ""
    try:
        return date(year, month, day).isoformat()
    except ValueError:
        return ""


def _menus(blocks: Sequence[Block]) -> set[int]:
    """Runs of short lines outside the text in which several name menu items."""
    found: set[int] = set()
    run: list[int] = []
    for at, block in enumerate([*blocks, Block("." * SHORT * 2)]):
        if len(block.text) <= SHORT and not block.text.endswith((".", "!")) and not block.item:
            run.append(at)
            continue
        if sum(bool(MENU.match(blocks[each].text)) for each in run) >= FEWEST_MENU_ITEMS:
            found.update(run[1:] if run and blocks[run[0]].level == 1 else run)
        run = []
    return found


def _contact_parts(blocks: Sequence[Block]) -> set[int]:
    """A heading such as "Kontakt" and the short lines under it, up to the next part of the text."""
    found: set[int] = set()
    inside = False
    for at, block in enumerate(blocks):
        if len(block.text) <= SHORT and not block.item and CONTACT_HEADING.match(block.text):
            inside = True
        elif inside and len(block.text) >= RUNNING and not _is_contact(block):
            inside = False
            # The line right above running text is its heading, also where it says "Kontakt".
            found.discard(at - 1)
        if inside:
            found.add(at)
    return found


def _is_contact(block: Block) -> bool:
    if len(block.text) > LONGEST_CONTACT:
        return False
    return any(each.kind in {"email", "phone"} for each in find(block.text))


def _is_banner(block: Block) -> bool:
    """An organisation's name in capitals above or below its page."""
    text = block.text
    words = len(text.split())
    return len(text) <= LONGEST_BANNER and text.isupper() and words > 1 and not DIGITS.search(text)


def _is_menu_line(block: Block) -> bool:
    """Lines of a menu that came as one block."""
    lines = block.text.splitlines()
    named = sum(bool(MENU.match(line.strip("- |"))) for line in lines)
    return named >= FEWEST_MENU_ITEMS and 2 * named >= len(lines)


def _matches(pattern: re.Pattern[str], shorter_than: int) -> Callable[[Block], bool]:
    # The length goes first: a pattern that looks for an end must not see a long text.
    return lambda block: len(block.text) < shorter_than and bool(pattern.search(block.text))


#: Lines that are no text wherever they stand.
LINES: tuple[tuple[Reason, Callable[[Block], bool]], ...] = (
    ("cookies", _matches(COOKIES, 400)),
    ("footer", _matches(FEEDBACK, 300)),
    ("contact", _matches(CONTACT_LINE, LONGEST_CONTACT)),
    ("contact", lambda block: not block.level and _is_contact(block)),
    ("contents", _matches(CONTENTS, 2_000)),
    ("link", _matches(DOWNLOAD, 200)),
    ("caption", _matches(CAPTION, 100)),
    ("banner", _is_banner),
    ("menu", _is_menu_line),
)
