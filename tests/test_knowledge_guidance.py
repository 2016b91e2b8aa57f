"""The starter articles and the editorial layer: whole, checked and readable."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path

import pytest

from knowledge.editorial import FOLDER, load_editorial
from knowledge.errors import BadDocument
from knowledge.guidance import load_guidance, read_article
from knowledge.passages import LONGEST, split
from tests.knowledge_fixtures import ARTICLE, MAILBOX, article

VALUES = {"support_mailbox": MAILBOX}
GOOD = ARTICLE.format(
    name="prov", title="Prov", basis="S2", body="Text.", questions='  - "a"\n' * 5
)


def test_every_shipped_article_loads_and_names_its_ground() -> None:
    articles = load_guidance(values=VALUES)
    assert len(articles) > 100
    for document in articles:
        assert document.basis
        assert document.source
        assert "{" not in document.body


def test_an_article_is_quoted_in_pieces_that_fit_a_chat_window() -> None:
    for document in load_guidance(values=VALUES):
        for passage in split(document):
            assert len(passage.text) <= LONGEST
            assert document.body[passage.start : passage.end] == passage.text


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ("title: Prov", "title:", "prov.md:3: title saknas"),
        ("basis: S2", "basis: X2", "varken"),
        ("review_by: 2027-06-30", "review_by: snart", "datum"),
        ("tags: [prov]", "colour: red", "okänd nyckel colour"),
        ("Text.", "{unknown}", "okänd plats"),
        ("id: prov", "id: annat", "filens namn"),
        ("status: ej granskad av stödfunktionen", "status: klar", "okänd status"),
    ],
)
def test_a_broken_article_is_refused_with_file_and_line(old: str, new: str, message: str) -> None:
    with pytest.raises(BadDocument, match=re.escape(message)):
        read_article(GOOD.replace(old, new), "prov.md", VALUES)


def test_a_question_stands_in_one_article_only(tmp_path: Path) -> None:
    for name in ("ett", "tva"):
        text = ARTICLE.format(
            name=name, title=name, basis="S2", body="Text.", questions='  - "samma"\n' * 5
        )
        (tmp_path / f"{name}.md").write_text(text, encoding="utf-8")
    with pytest.raises(BadDocument, match="samma"):
        load_guidance(tmp_path, VALUES)


def test_an_article_keeps_its_questions_and_mailbox() -> None:
    document = article("prov", "Prov", "Skriv till {support_mailbox}.", "en fråga")
    assert MAILBOX in document.body
    assert document.questions[0] == "en fråga"


def test_the_editorial_layer_has_a_name_and_several_questions_for_each_section() -> None:
    layer = load_editorial()
    assert len(layer.entries) > 350
    for locator, entry in layer.entries.items():
        assert re.fullmatch(r"[A-Z]+ \d+( a)? kap\. \d+( [a-z])? §|\S.*", locator)
        assert entry.name
        assert len(entry.questions) >= 3, locator


def test_no_section_is_written_for_twice() -> None:
    seen: dict[str, str] = {}
    for path in sorted(FOLDER.glob("*.toml")):
        for locator in tomllib.loads(path.read_text(encoding="utf-8")):
            assert seen.setdefault(locator, path.name) == path.name


def test_an_entry_without_questions_is_refused(tmp_path: Path) -> None:
    (tmp_path / "x.toml").write_text('["LOU 1 kap. 1 §"]\nname = "x"\n', encoding="utf-8")
    with pytest.raises(BadDocument, match=r"x\.toml"):
        load_editorial(tmp_path)


def test_a_twin_shares_the_entry_of_its_section() -> None:
    layer = load_editorial()
    shared = type(layer)(layer.entries, {"LUF 16 kap. 1 §": "LOU 17 kap. 1 §"})
    assert shared.entry("LUF 16 kap. 1 §") == layer.entry("LOU 17 kap. 1 §")
    assert shared.missing(["LUF 99 kap. 1 §", "LUF 16 kap. 1 §"]) == ["LUF 99 kap. 1 §"]
