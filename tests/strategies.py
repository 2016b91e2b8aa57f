"""What people and platforms send, for hypothesis: anything at all, and what is likely."""

from datetime import UTC, date, datetime

from hypothesis import strategies as st

from intents.exchange import (
    Answer,
    AsForm,
    Back,
    Cancel,
    Change,
    Doubtful,
    Fields,
    Later,
    Pressed,
    Resume,
    Summary,
    Why,
)
from intents.model import Given
from intents.picklists import load_picklists

SETTINGS = {
    "support_mailbox": "stod@example.org",
    "answer_days": 3,
    "draft_days": 30,
    "whistleblowing": "visselblåsarfunktionen",
    "controller": "Nämnden",
}
TODAY = date(2026, 11, 20)

LIKELY = (
    "ja", "nej", "vet inte", "hoppa över", "tillbaka", "avbryt", "inte klart än", "inget", "0",
    "3", "tre", "två lärlingsplatser", "2 praktik och en anställning", "i går", "14 mars",
    "i morgon", "2031-01-01", "egnahem", "Higab", "bostad", "trafikkontoret", "Ale", "Borås", "5",
    "Göteborgs Okända AB", "-2", "10000", "150 lärlingar", "entreprenad", "upphandlare",
    "projektledare", "Målning Ugglan", "dnr 0123/26", "A-2026-0007", "i år", "2026", "30 feb",
    "4 mån, 3 pers", "6 månader", "ändra 1", "ändra 3, det var tre", "nej, tre inte två",
    "ändra datumet till i går", "Måste vi ställa krav?", "vad är bruttolistan", "hej!", "tack",
    "🙂", "🙂🙃", "???", "¹", "19811218-9876", "kandidaten heter Anna", "chefen tog emot mutor",
    "ramavtal 2 år, 3 pers", "vi pratade inte alls med någon",
    "vi på Egnahemsbolaget kom överens med målaren om två lärlingsplatser i går utan er",
    "we at Higab agreed with the contractor on two apprenticeships yesterday without you",
    "Målning; entreprenad; 2 lärlingsplatser\nStädning; tjänst; 1 praktikplats",
)  # fmt: skip
#: Buttons of the questions in between.
BETWEEN = ("cancel_yes", "cancel_no", "sure_yes", "sure_no", "doubt_save", "doubt_answer",
           "unknown", "skip", "change")  # fmt: skip


def texts() -> st.SearchStrategy[str]:
    """Anything a keyboard, a phone or a copied page may send."""
    return st.one_of(
        st.sampled_from(LIKELY),
        st.sampled_from(LIKELY),
        st.text(max_size=60),
        st.lists(st.sampled_from(LIKELY), min_size=2, max_size=3).map(" ".join),
    )


def given_now(number: int = 0, **changes: object) -> Given:
    """What a step may know on an ordinary Friday."""
    known: dict[str, object] = {
        "today": TODAY,
        "now": datetime(2026, 11, 20, 9, 30, tzinfo=UTC),
        "vocabularies": load_picklists(),
        "interaction": f"i{number}",
        "settings": SETTINGS,
    }
    return Given(**{**known, **changes})


def messages(values: list[str], names: list[str]) -> st.SearchStrategy[object]:
    """Any message a dialog may get; ``values`` are its buttons, ``names`` its slots."""
    pressed = st.sampled_from([*values, *BETWEEN])
    commands = (AsForm(), Back(), Cancel(), Later(), Resume(), Why(), Summary())
    numbers = st.integers(0, 20).map(str)
    fields = st.dictionaries(st.sampled_from(names), texts(), max_size=4)
    return st.one_of(
        texts().map(Answer),
        texts().map(Answer),
        st.builds(Pressed, pressed),
        texts().map(Doubtful),
        st.sampled_from(commands),
        st.builds(Change, st.one_of(numbers, st.sampled_from(names)), st.just("") | texts()),
        st.builds(Fields, fields),
        st.builds(Pressed, pressed, st.just("gone")),
    )
