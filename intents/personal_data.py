"""The personal-data guard: find and hide what identifies a person before anything is stored.

Pure and without a dictionary of names: numbers by their form, date and check digit, names only
where a candidate is called by one.
"""

from collections.abc import Collection
from dataclasses import dataclass

from intents.candidate_names import find_names
from intents.contact_details import find_mail, find_phones
from intents.folding import fold_with_origins
from intents.personal_numbers import find_numbers

#: What stands in a masked text instead of each kind of finding.
PLACEHOLDERS = {
    "personnummer": "[personnummer]",
    "samordningsnummer": "[samordningsnummer]",
    "email": "[e-post]",
    "phone": "[telefon]",
    "name": "[namn]",
}
ALL_KINDS = frozenset(PLACEHOLDERS)


@dataclass(frozen=True, slots=True)
class Finding:
    """A place where a text identifies a person."""

    #: personnummer, samordningsnummer, email, phone or name.
    kind: str
    #: Half-open span in the text.
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Masked:
    """A text with its findings hidden."""

    #: The text with a placeholder for each finding.
    text: str
    #: The findings, with spans in the text as it was before.
    findings: tuple[Finding, ...]


def find(
    text: str, allowed_mailboxes: Collection[str] = (), kinds: Collection[str] = ALL_KINDS
) -> tuple[Finding, ...]:
    """Return what identifies a person in ``text``, in order and without overlaps.

    ``allowed_mailboxes`` are addresses that always pass, beside those that look functional.
    ``kinds`` limits the search, for a form that asks for a work phone.
    """
    folded = fold_with_origins(text)
    found = [
        Finding(kind, *folded.span(start, end))
        for kind, start, end in (*find_numbers(folded.text), *find_phones(folded.text))
    ]
    found += [Finding(*there) for there in (*find_mail(text, allowed_mailboxes), *find_names(text))]
    return _without_overlaps([finding for finding in found if finding.kind in kinds])


def _without_overlaps(found: list[Finding]) -> tuple[Finding, ...]:
    """Keep the surer finding where two overlap: numbers before phones, then the longer one."""
    order = tuple(PLACEHOLDERS)
    ranked = sorted(found, key=lambda f: (order.index(f.kind), f.start - f.end))
    kept: list[Finding] = []
    for finding in ranked:
        if all(finding.end <= other.start or other.end <= finding.start for other in kept):
            kept.append(finding)
    return tuple(sorted(kept, key=lambda f: f.start))


def mask(
    text: str, allowed_mailboxes: Collection[str] = (), kinds: Collection[str] = ALL_KINDS
) -> Masked:
    """Return ``text`` with every finding behind a placeholder; masking twice adds nothing."""
    findings = find(text, allowed_mailboxes, kinds)
    pieces: list[str] = []
    at = 0
    for finding in findings:
        pieces += [text[at : finding.start], PLACEHOLDERS[finding.kind]]
        at = finding.end
    return Masked("".join([*pieces, text[at:]]), findings)
