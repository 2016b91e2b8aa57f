"""The addresses of the settings pages and what each asks of its visitor."""

from __future__ import annotations

from collections.abc import Iterable

from starlette.routing import Route

from bot.app import App
from bot.policy import Action
from bot.web.console import Console, Section
from bot.web.settings_pages.forms import FORM_PAGES, FormPages
from bot.web.settings_pages.general import GENERAL, PEOPLE, SETTINGS, GeneralPages
from bot.web.settings_pages.list_import import IMPORT, ImportPage, read_sheet_form
from bot.web.settings_pages.lists import EXPORT, LISTS, ListPages
from bot.web.settings_pages.rules import RESCREENED, RULES, RulePages
from bot.web.settings_pages.words import WORDS, WordsPages


def settings_section(app: App) -> Section:
    """Lists, the rule, forms, sentences, settings and people."""
    general, lists, sheets = GeneralPages(app), ListPages(app), ImportPage(app)
    rules, words, forms = RulePages(app), WordsPages(app), FormPages(app)
    edits: Action = "settings.words"
    decides: Action = "settings.decide"

    def routes(console: Console) -> Iterable[Route]:
        yield console.route(SETTINGS, general.overview, "settings.read")
        yield console.route(LISTS, lists.overview, "settings.read")
        yield console.route(IMPORT, sheets.take_in, edits, edits, read_sheet_form)
        yield console.route(EXPORT + "/{name}", lists.export, "settings.read")
        yield console.route(LISTS + "/{name}", lists.list, "settings.read", edits)
        yield console.route(LISTS + "/{name}/{code}", lists.term, "settings.read", edits)
        yield console.route(RULES, rules.overview, "settings.read")
        yield console.route(RULES + "/{key}", rules.decide, "settings.read", decides)
        yield console.route(RULES + "/{key}/{work}", rules.preview, "settings.decide")
        yield console.route(RESCREENED, rules.rescreened, "settings.read", decides)
        yield console.route(RESCREENED + "/{work}", rules.changed, "settings.read")
        yield console.route(FORM_PAGES, forms.overview, "settings.read")
        yield console.route(FORM_PAGES + "/{dialog}", forms.form, "settings.read")
        yield console.route(FORM_PAGES + "/{dialog}/{name}", forms.field, "settings.read", edits)
        yield console.route(WORDS, words.search, "settings.read")
        yield console.route(WORDS + "/{language}/{key}", words.sentence, "settings.read", edits)
        yield console.route(GENERAL, general.settings, "settings.read", decides)
        yield console.route(PEOPLE, general.people, "people.read", "people.organise")

    return routes
