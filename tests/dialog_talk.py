"""A conversation with one dialog, as its person sees it."""

from strategies import given_now

from bot.texts import load_texts
from intents.dialogs import load_dialogs
from intents.engine import step
from intents.exchange import Answer, Begin, Save

TEXTS = load_texts()
STORY = "vi på Egnahemsbolaget kom överens med målaren om två lärlingsplatser i går utan er"
GAPS = ("Nybyggnad", "projektledare", "Målning Ugglan", "entreprenad", "nej", "egen modell",
        "inköpschefen", "vet inte", "nej", "det gick fortare")  # fmt: skip


class Talk:
    """A conversation with one dialog, as its person sees it."""

    def __init__(self, name, message=None, **known):
        self.dialog = load_dialogs()[name]
        self.known = known
        self.state, self.effects, self.count = None, (), 0
        self.send(message or Begin())

    def given(self):
        return given_now(self.count, **self.known)

    def send(self, message):
        self.count += 1
        message = Answer(message) if isinstance(message, str) else message
        self.step = step(self.dialog, self.state, message, self.given())
        self.state, self.effects = self.step.state, self.step.effects
        return self

    def all(self, *answers):
        for answer in answers:
            self.send(answer)
        return self

    @property
    def keys(self):
        return [say.key for say in self.step.says]

    @property
    def text(self):
        language = self.known.get("language", "sv")
        return "\n".join(TEXTS.render(s.key, language, **s.values) for s in self.step.says)

    @property
    def values(self):
        return self.state.values

    def saved(self, kind):
        return next(e for e in self.effects if isinstance(e, Save) and e.kind == kind)


def finished_report():
    """A report told in one sentence, its gaps filled, waiting for a yes."""
    talk = Talk("deviation", Begin(STORY)).all(*GAPS)
    assert talk.state.pending == "confirm"
    return talk
