"""What no answer may bring in: other people's data, and hints of crime."""

from intents.exchange import Say
from intents.model import Kind
from intents.personal_data import ALL_KINDS, mask

#: A person may give a work phone or address of their own, never a personal number.
_NUMBERS = frozenset({"personnummer", "samordningsnummer"})


def guarded(text: str, kind: Kind | None = None) -> tuple[str, tuple[Say, ...]]:
    """Return the text with personal data hidden, and what to say about it."""
    kinds = _NUMBERS if kind is not None and kind.own_contact else ALL_KINDS
    masked = mask(text, kinds=kinds)
    if not masked.findings:
        return text, ()
    return masked.text, (Say("common.masked", {"text": masked.text[:200]}, role="note"),)
