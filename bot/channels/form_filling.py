"""A form asked field by field, for channels that cannot show one."""

from __future__ import annotations

from dataclasses import dataclass, field

from bot.channels.plain_text import Words, option_line
from bot.messages import Field, Form, Submitted

CANCEL = ("avbryt", "/avbryt", "cancel")


@dataclass(slots=True)
class FormFilling:
    """A form on its way to being filled in; nothing is sent before its last field."""

    form: Form
    words: Words
    values: dict[str, str] = field(default_factory=dict)
    cancelled: bool = False

    def question(self) -> list[str]:
        """The next field's question with its help, error and options."""
        asked = self._next()
        label = asked.label if asked.required else self.words("field_optional", label=asked.label)
        kept = self.words("field_current", value=asked.value) if asked.value else ""
        options = [
            option_line(str(number), option, self.words)
            for number, option in enumerate(asked.options, 1)
        ]
        lines = (asked.error, label, asked.help, kept, *options)
        return ["\n".join(line for line in lines if line)]

    def take(self, text: str) -> tuple[list[str], Submitted | None]:
        """Fill the asked field; returns what to show, and the whole form after its last field."""
        if text.casefold() in CANCEL:
            self.cancelled = True
            return [self.words("form_cancelled")], None
        asked = self._next()
        value, fault = self._value(asked, text)
        if fault:
            return [fault, *self.question()], None
        self.values[asked.name] = value
        if len(self.values) < len(self.form.fields):
            return self.question(), None
        return [], Submitted(self.form.interaction, self.values)

    def _next(self) -> Field:
        return self.form.fields[len(self.values)]

    def _value(self, asked: Field, text: str) -> tuple[str, str]:
        """(value, "") or ("", fault)."""
        if not text:
            missing = asked.required and not asked.value
            return asked.value, self.words("field_required") if missing else ""
        if not asked.options:
            return text, ""
        for number, option in enumerate(asked.options, 1):
            if text.removesuffix(")") == str(number) or text.casefold() == option.label.casefold():
                return option.value, ""
        return "", self.words("field_choices", count=len(asked.options))
