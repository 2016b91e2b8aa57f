"""The addresses of the knowledge base's pages and what each asks of its visitor."""

from __future__ import annotations

from collections.abc import Iterable

from starlette.routing import Route

from bot.app import App
from bot.web.console import Console, Section
from bot.web.knowledge.article_edit import EditPages
from bot.web.knowledge.articles import ARTICLES, ArticlePages


def knowledge_section(app: App) -> Section:
    """The articles, imports, the review before publishing and the test questions."""
    articles, edit = ArticlePages(app), EditPages(app)

    def routes(console: Console) -> Iterable[Route]:
        yield console.route(ARTICLES, articles.list, "kb.read")
        yield console.route(ARTICLES + "/ny", edit.new, "kb.draft", "kb.draft")
        yield console.route(ARTICLES + "/{id}/redigera", edit.edit, "kb.draft", "kb.draft")
        yield console.route(ARTICLES + "/{id}", articles.show, "kb.read")
        yield console.route(ARTICLES + "/{id}/jamfor", articles.compare, "kb.read")

    return routes
