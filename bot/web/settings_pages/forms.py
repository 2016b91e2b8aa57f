"""The forms people fill in: their questions, help of one's own, and what is left out."""

from __future__ import annotations

from starlette.concurrency import run_in_threadpool
from starlette.responses import RedirectResponse, Response

from bot.administration.faults import Unsuitable
from bot.administration.form_desk import FORMS, FormField
from bot.administration.form_fields import FieldSetting
from bot.app import App
from bot.channels.cleaning import clean
from bot.texts import LANGUAGES
from bot.web.console import Visit
from bot.web.incoming import Refused
from bot.web.settings_pages.lists import done_in

FORM_PAGES = "/stod/installningar/formular"


class FormPages:
    """The handlers of the pages of forms."""

    def __init__(self, app: App) -> None:
        self._app = app

    async def overview(self, visit: Visit) -> Response:
        """Every form with its number."""
        desk = self._app.settings_desks.forms
        forms = [(name, desk.version(name), len(desk.fields(visit.actor, name))) for name in FORMS]
        return visit.page("settings_forms.html", forms=forms)

    async def form(self, visit: Visit) -> Response:
        """The questions of a form."""
        dialog = visit.request.path_params["dialog"]
        fields = await run_in_threadpool(self._fields, visit, dialog)
        version = self._app.settings_desks.forms.version(dialog)
        questions = {field.name: self._question(field) for field in fields}
        return visit.page("settings_form.html", dialog=dialog, fields=fields, version=version,
                          questions=questions, done=done_in(visit))  # fmt: skip

    async def field(self, visit: Visit) -> Response:
        """One question; a post sets its help, and whether it is asked."""
        dialog, name = visit.request.path_params["dialog"], visit.request.path_params["name"]
        fields = await run_in_threadpool(self._fields, visit, dialog)
        field = next((each for each in fields if each.name == name), None)
        if field is None:
            raise Refused(404, "missing")
        setting, fault = field.setting, ""
        if visit.posted:
            texts = {each: clean(str(visit.sent.get(f"help-{each}", ""))).strip()
                     for each in LANGUAGES}  # fmt: skip
            may_hide = visit.actor.may("settings.decide") and field.optional
            hidden = "hidden" in visit.sent if may_hide else field.setting.hidden
            setting = FieldSetting(texts, hidden)
            desk = self._app.settings_desks.forms
            try:
                await run_in_threadpool(desk.save, visit.actor, dialog, name, setting)
            except Unsuitable as unsuitable:
                fault = unsuitable.code
            else:
                return RedirectResponse(f"{FORM_PAGES}/{dialog}?gjort=field#gjort", 303)
        return visit.page(
            "settings_field.html", 400 if fault else 200, field=field, setting=setting,
            fault=fault, question=self._question(field), languages=LANGUAGES,
        )  # fmt: skip

    def _fields(self, visit: Visit, dialog: str) -> tuple[FormField, ...]:
        fields = self._app.settings_desks.forms.fields(visit.actor, dialog)
        if not fields:
            raise Refused(404, "missing")
        return fields

    def _question(self, field: FormField) -> str:
        """The question as it is written, with its placeholders."""
        texts = self._app.texts
        return texts.sentences["sv"][texts.resolve(f"{field.dialog}.{field.name}.ask", "sv")]
