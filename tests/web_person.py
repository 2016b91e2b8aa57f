"""A person at the web chat without JavaScript: reads pages, fills in forms, presses buttons."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from lxml import html
from starlette.testclient import TestClient

from bot.app import App
from bot.web.application import build_web
from bot.web.limits import Buckets
from bot.web.pages import Pages
from bot.web.sections import console_sections
from bot.web.sessions import Session
from bot.web.site import Site
from tests.fakes import AS_FORM, ScriptedApp

LOCAL = ("127.0.0.1", 50_000)


def open_site(app: ScriptedApp, **changes: object) -> TestClient:
    """A browser on the site; limits are off unless a test sets them.

    A real application has all the console's pages.
    """
    values = {"buckets": Buckets(burst=10_000)} | changes
    site = Site(app, Pages(app), **values)  # type: ignore[arg-type]
    sections = console_sections(app) if isinstance(app, App) else ()
    return TestClient(
        build_web(app, site, sections=sections),
        base_url="http://127.0.0.1",
        client=LOCAL,
        raise_server_exceptions=False,
    )


@dataclass
class Form:
    """A form on a page, as a browser would send it."""

    action: str
    fields: dict[str, str]
    #: Label -> (name, value) of its buttons.
    buttons: dict[str, tuple[str, str]]


@dataclass
class Person:
    """Walks through the site as a browser without script."""

    app: ScriptedApp = field(default_factory=ScriptedApp)
    client: TestClient | None = None
    page: str = ""
    status: int = 0
    posted: tuple[str, dict[str, str]] = ("", {})

    @property
    def browser(self) -> TestClient:
        if self.client is None:
            self.client = open_site(self.app)
        return self.client

    def open(self, address: str = "/") -> str:
        response = self.browser.get(address)
        self.page, self.status = response.text, response.status_code
        return self.text()

    def text(self) -> str:
        """What a reader sees of the page."""
        main = html.fromstring(self.page).xpath("//main")[0]
        for hidden in main.xpath(".//option | .//*[@hidden]"):
            hidden.drop_tree()
        return str(main.text_content())

    def forms(self) -> list[Form]:
        return [_form(node) for node in html.fromstring(self.page).xpath("//form")]

    def form(self, action: str) -> Form:
        """The last form on the page that posts there."""
        return [form for form in self.forms() if form.action == action][-1]

    def form_buttons(self) -> set[str]:
        """Labels of all buttons on the page."""
        return {label for form in self.forms() for label in form.buttons}

    def send(self, action: str, fields: Mapping[str, str]) -> str:
        self.posted = (action, dict(fields))
        response = self.browser.post(action, data=dict(fields))
        self.page, self.status = response.text, response.status_code
        return self.text()

    def fill_in(self, action: str, **values: str) -> str:
        return self.send(action, self.form(action).fields | values)

    def press(self, label: str) -> str:
        form = next(form for form in reversed(self.forms()) if label in form.buttons)
        name, value = form.buttons[label]
        return self.send(form.action, form.fields | ({name: value} if name else {}))


class WebDriver(Person):
    """The person of the contract: what is new on the page is its last turn."""

    def say(self, text: str) -> str:
        self.open()
        self.fill_in("/meddelande", message=text)
        return self.seen()

    def look(self) -> str:
        """What came by itself."""
        self.app.relay.deliver_due()
        self.open()
        return self.seen()

    def seen(self) -> str:
        turns = html.fromstring(self.page).xpath("//article")
        return str(turns[-1].text_content()) if turns else self.text()

    def press(self, label: str) -> str:
        super().press(label)
        self.pressed = self.posted
        return self.seen()

    pick = press

    def fill(self, values: Mapping[str, str]) -> str:
        """Fills in the form on the page, options by their labels, and sends it."""
        if not html.fromstring(self.page).xpath("//form[@action='/formular']"):
            self.press(AS_FORM)
        [form] = html.fromstring(self.page).xpath("//form[@action='/formular']")
        options = form.xpath(".//option") + form.xpath(".//input[@type='radio']")
        filled = {f"field-{name}": value for name, value in values.items()}
        for each in options:
            label = each.text_content() if each.tag == "option" else each.getnext().text_content()
            name = each.get("name") or each.getparent().get("name")
            if filled.get(name) == label.strip():
                filled[name] = each.get("value")
        self.fill_in("/formular", **filled)
        return self.seen()

    def press_again(self, label: str) -> str:
        action, fields = self.pressed
        fresh = next(form for form in self.forms() if form.action == "/meddelande").fields
        proof = {"form_id": "0" * 32, "conversation": fresh["conversation"]}
        self.send(action, fields | proof | {"proof": self.proof(action)})
        return self.seen()

    def proof(self, action: str) -> str:
        token = self.browser.cookies["hansyn"].split(".")[0]
        return Session(token).proof(action, "0" * 32)

    def redeliver(self) -> str:
        self.send(*self.posted)
        return self.seen()

    def save(self, label: str) -> bytes:
        links = html.fromstring(self.page).xpath(f"//a[contains(., '{label}')]/@href")
        return self.browser.get(links[-1]).content


def _form(node: html.HtmlElement) -> Form:
    fields = {}
    for item in node.xpath(".//input[@name] | .//textarea[@name] | .//select[@name]"):
        if item.get("type") == "radio" and item.get("checked") is None:
            continue
        fields[item.get("name")] = item.value or ""
    buttons = {
        item.text_content().strip(): (item.get("name") or "", item.get("value") or "")
        for item in node.xpath(".//button")
    }
    return Form(node.get("action"), fields, buttons)


def logged_in(app: App) -> Person:
    """A colleague with every role, who has opened the server's own link."""
    someone = Person(app)
    someone.open(app.support_link)
    someone.press("Öppna")
    return someone
