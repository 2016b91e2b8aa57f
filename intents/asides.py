"""Questions in between: cancel for good? an answer or a question? really ten thousand?

An aside keeps what it asks about and leaves the form as it was.
"""

from collections.abc import Mapping
from dataclasses import replace

from intents.everyday import LATER, NO, QUESTION, SAVE, STOP, YES, plain
from intents.exchange import Json, Message, Pressed, Say
from intents.filling import Talk, fill, take
from intents.guard import guarded
from intents.model import Step


def ask_cancel(talk: Talk) -> Step:
    """Ask once before a draft is thrown away."""
    return _ask(talk, {"kind": "cancel"})


def ask_doubt(talk: Talk, text: str) -> Step:
    """Ask whether a text is an answer or a question; it is kept, masked, until that is clear."""
    kept, _ = guarded(text[: talk.slot.kind.limit], talk.slot.kind)
    return _ask(talk, {"kind": "doubt", "text": kept})


def _ask(talk: Talk, aside: Mapping[str, Json]) -> Step:
    state = replace(talk.state, aside=aside, interaction=talk.given.interaction, paused=False)
    return talk.with_state(state).repeat()


def answer_aside(talk: Talk, message: Message, text: str) -> Step | None:
    """Settle the question in between; None when the message is about something else."""
    settled = talk.with_state(replace(talk.state, aside={}, interaction=talk.given.interaction))
    aside, said = talk.state.aside, text if isinstance(message, Pressed) else plain(text)
    if aside["kind"] == "cancel":
        return _cancel(settled, said)
    if aside["kind"] == "doubt":
        return _doubt(settled, said, aside["text"])
    if said == "sure_yes" or said in YES:
        return fill(settled, {talk.slot.name: aside["value"]}, {})
    return settled.repeat() if said == "sure_no" or said in NO else None


def _cancel(talk: Talk, said: str) -> Step | None:
    if said == "cancel_yes" or said in YES or said in STOP:
        return Step(None, (Say("common.cancelled"),))
    if said == "later" or said in LATER:
        return leave(talk)
    return talk.repeat() if said == "cancel_no" or said in NO else None


def _doubt(talk: Talk, said: str, kept: str) -> Step | None:
    if said == "doubt_save" or said in SAVE or said in YES:
        return take(talk, kept)
    if said == "doubt_answer" or said in QUESTION:
        return Step(talk.state, (Say("common.doubt.answering"),), question=kept)
    return talk.repeat() if said in NO else None


def leave(talk: Talk) -> Step:
    """Keep the draft and say for how long."""
    state = replace(talk.state, paused=True, aside={}, interaction=talk.given.interaction)
    return Step(state, (Say("common.later", dict(talk.given.settings)),))
