"""The questions of a dialog as one form, where a channel can show one."""

from __future__ import annotations

from collections.abc import Sequence

from bot.decision import Moment
from bot.messages import Choices, Field, Form, Language, Option
from bot.texts import Texts
from intents.exchange import Choice, Say
from intents.model import FormField

#: Channels that show fields; the others ask one question at a time.
SHOWING = {"web", "teams", "slack"}


def shows_forms(moment: Moment) -> bool:
    """Can a form be shown here? Never where others read along."""
    return moment.private and moment.key.channel in SHOWING


def to_form(
    fields: Sequence[FormField], interaction: str, texts: Texts, language: Language
) -> Form:
    """The questions in words."""
    return Form(
        interaction,
        texts.render("common.form.title", language),
        tuple(_field(field, texts, language) for field in fields),
        texts.render("common.form.submit", language),
    )


def offer_form(dialog: str, interaction: str, texts: Texts, language: Language) -> Choices:
    """The button that asks for all questions at once."""
    option = Option(f"form:{dialog}", texts.render("common.form.offer", language))
    return Choices(f"offer:{interaction}", (option,), "", "offer")


def _field(field: FormField, texts: Texts, language: Language) -> Field:
    return Field(
        field.name,
        texts.show(field.label, language),
        field.control,
        tuple(_option(choice, texts, language) for choice in field.options),
        field.required,
        texts.show(field.value, language),
        texts.show(field.help, language),
        _error(field.error, texts, language),
    )


def _option(choice: Choice, texts: Texts, language: Language) -> Option:
    return Option(choice.value, texts.show(choice.label, language))


def _error(say: Say | None, texts: Texts, language: Language) -> str:
    return texts.render(say.key, language, **say.values) if say else ""
