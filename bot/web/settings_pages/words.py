"""The assistant's sentences: found, put in own words, shown as they would be said."""

from __future__ import annotations

from starlette.concurrency import run_in_threadpool
from starlette.responses import RedirectResponse, Response

from bot.administration.faults import Missing, Unsuitable
from bot.administration.words_desk import GROUPS, example
from bot.app import App
from bot.channels.cleaning import clean
from bot.web.console import Visit
from bot.web.incoming import Refused
from bot.web.paging import paged
from bot.web.settings_pages.lists import done_in

WORDS = "/stod/installningar/texter"


class WordsPages:
    """The handlers of the pages of sentences."""

    def __init__(self, app: App) -> None:
        self._app = app

    async def search(self, visit: Visit) -> Response:
        """Sentences by their words; without any, those that were changed."""
        wanted = clean(visit.request.query_params.get("sok", ""))[:100]
        group = visit.request.query_params.get("del", "")
        group = group if group in GROUPS else ""
        desk = self._app.settings_desks.words
        found = await run_in_threadpool(desk.find, visit.actor, wanted, group)
        return visit.page(
            "settings_words.html", page_of=paged(found, visit.request), wanted=wanted,
            group=group, groups=GROUPS, done=done_in(visit),
        )  # fmt: skip

    async def sentence(self, visit: Visit) -> Response:
        """One sentence; a post previews, saves or takes back own words."""
        language, key = visit.request.path_params["language"], visit.request.path_params["key"]
        desk = self._app.settings_desks.words
        try:
            sentence = await run_in_threadpool(desk.sentence, visit.actor, key, language)
        except Missing:
            raise Refused(404, "missing") from None
        act, fault = str(visit.sent.get("act", "")), ""
        words = clean(str(visit.sent.get("words", ""))) if visit.posted else sentence.words
        if act == "reset":
            words = sentence.shipped
        try:
            if visit.posted and act != "preview":
                await run_in_threadpool(desk.save, visit.actor, key, language, words)
                return RedirectResponse(f"{WORDS}/{language}/{key}?gjort={act}#gjort", 303)
            desk.check(sentence, words)
        except Unsuitable as unsuitable:
            fault = unsuitable.code
        return visit.page(
            "settings_sentence.html", 400 if fault else 200, sentence=sentence, words=words,
            fault=fault, said=example(words), shipped_said=example(sentence.shipped),
            previewed=act == "preview" and not fault, done=done_in(visit),
        )  # fmt: skip
