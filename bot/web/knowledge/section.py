"""The addresses of the knowledge base's pages and what each asks of its visitor."""

from __future__ import annotations

from collections.abc import Iterable
from functools import partial

from starlette.routing import Route

from bot.app import App
from bot.web.console import Console, Section
from bot.web.incoming import read_form
from bot.web.knowledge.article_edit import EditPages
from bot.web.knowledge.articles import ARTICLES, ArticlePages
from bot.web.knowledge.import_page import IMPORT, ImportPages
from bot.web.knowledge.review_page import REVIEW, ReviewPages
from bot.web.knowledge.test_page import TESTS, TestPages
from bot.web.uploads import read_uploads

#: A box for every heading of a long file, a decision for every changed answer.
MOST_FIELDS = 3_000
read_long_form = partial(read_form, most_fields=MOST_FIELDS)


def knowledge_section(app: App) -> Section:
    """The articles, imports, the review before publishing and the test questions."""
    imports, review, tests = ImportPages(app), ReviewPages(app), TestPages(app)
    articles, edit = ArticlePages(app), EditPages(app)

    def routes(console: Console) -> Iterable[Route]:
        yield console.route(ARTICLES, articles.list, "kb.read")
        yield console.route(ARTICLES + "/ny", edit.new, "kb.draft", "kb.draft")
        yield console.route(ARTICLES + "/{id}/redigera", edit.edit, "kb.draft", "kb.draft")
        yield console.route(ARTICLES + "/{id}", articles.show, "kb.read", "kb.publish")
        yield console.route(ARTICLES + "/{id}/jamfor", articles.compare, "kb.read")
        yield console.route(IMPORT, imports.start, "kb.draft", "kb.draft", read_uploads)
        yield console.route(IMPORT + "/{work}", imports.batch, "kb.draft", "kb.draft")
        yield console.route(
            IMPORT + "/{work}/{place:int}", imports.file, "kb.draft", "kb.draft", read_long_form
        )
        yield console.route(REVIEW, review.choose, "kb.draft", "kb.draft", read_long_form)
        yield console.route(
            REVIEW + "/{work}", review.decide, "kb.draft", "kb.publish", read_long_form
        )
        yield console.route(TESTS, tests.list, "kb.read", "kb.draft")
        yield console.route(TESTS + "/korning", tests.begin, "kb.draft", "kb.draft")
        yield console.route(TESTS + "/korning/{work}", tests.result, "kb.draft")

    return routes
