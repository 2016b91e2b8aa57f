"""Replies of every shape, for the renderers: long, odd, full of markup and mentions."""

from __future__ import annotations

from hypothesis import strategies as st

from bot.messages import Choices, Field, File, Form, Option, Part, Reply, Source, Sources, Text

ODD = (
    "<!channel> <@U1> & <b>fet</b>", "*fet* _kursiv_ `kod` [länk](javascript:alert(1))",
    "👩‍👩‍👧🎉", "a" * 5000, "ord " * 2000, "rad\nrad\n\nstycke", "{{ 7 * 7 }} $x$", "\u202e",
)  # fmt: skip


def words() -> st.SearchStrategy[str]:
    """Any text but the half characters no channel lets in."""
    odd = st.sampled_from(ODD)
    return st.one_of(odd, st.text(st.characters(exclude_categories=("Cs", "Cc")), max_size=80))


def labels() -> st.SearchStrategy[str]:
    """Names of buttons: short, never empty."""
    named = st.text(st.characters(exclude_categories=("Cs", "Cc")), max_size=60)
    return named.map(lambda text: f"Val {text}".strip())


@st.composite
def options(draw: st.DrawFn) -> tuple[Option, ...]:
    """Buttons with different values; some values are long."""
    values = st.text("abcdeåäö_#:0123", min_size=1, max_size=70)
    chosen = draw(st.lists(values, min_size=1, max_size=30, unique=True))
    return tuple(Option(value, draw(labels())) for value in chosen)


@st.composite
def parts(draw: st.DrawFn) -> Part:
    """One part of any type."""
    hexadecimal = st.text("0123456789abcdef", min_size=16, max_size=16)
    interaction = draw(st.one_of(hexadecimal, words().map(lambda text: f"clarify:{text[:400]}")))
    match draw(st.integers(0, 4)):
        case 0:
            return Text(draw(words()), role=draw(st.sampled_from(("say", "note", "error"))))
        case 1:
            return Sources(tuple(draw(st.lists(sources(), max_size=3))))
        case 2:
            role = draw(st.sampled_from(("dialog", "offer", "feedback")))
            return Choices(interaction, draw(options()), draw(words()), role)
        case 3:
            fields = draw(st.lists(form_fields(), min_size=1, max_size=5, unique_by=field_name))
            return Form(interaction, draw(labels()), tuple(fields), "Skicka")
        case _:
            return File("S-1042.txt", "text/plain", "record:S-1042", draw(labels()))


def field_name(field: Field) -> str:
    """What tells fields of a form apart."""
    return field.name


@st.composite
def form_fields(draw: st.DrawFn) -> Field:
    """One field."""
    kind = draw(st.sampled_from(("text", "long_text", "date", "number", "choice")))
    picked = draw(options()) if kind == "choice" else ()
    name = draw(st.text("abc_", min_size=1, max_size=12))
    error = draw(st.sampled_from(("", "Skriv ett antal.")))
    value = draw(st.sampled_from(("", "2026-03-02", "7")))
    return Field(
        name, draw(labels()), kind, picked, draw(st.booleans()), value, draw(words()), error
    )


@st.composite
def sources(draw: st.DrawFn) -> Source:
    """One quoted passage."""
    text = draw(words()) or "Text."
    url = draw(st.sampled_from(("", "https://example.org/?a=<b>&c", "javascript:alert(1)")))
    return Source(
        text, "Lag <om> upphandling", "LOU 17 kap. 1 §", "LOU 17:1", "2026-01-01", url, 0, 4,
        note=draw(st.sampled_from(("", "Sammanfattning."))), about=draw(labels()),
        twins=("LUF 16 kap. 1 §",),
    )  # fmt: skip


def replies() -> st.SearchStrategy[Reply]:
    """Any reply a channel may have to show."""
    return st.lists(parts(), min_size=1, max_size=6).map(lambda found: Reply(tuple(found)))
