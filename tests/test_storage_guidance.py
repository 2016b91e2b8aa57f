"""The corpus in the database: versions, publishing, shipped texts."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace

import pytest
from contracts_storage import NOW
from hypothesis import given
from hypothesis import strategies as st

from knowledge.model import Document, Section
from storage.documents import content_hash
from storage.errors import NotFound
from storage.publishing import Head
from storage.shipped import decide
from storage.store import Store

pytest_plugins = "storage_fixtures"

ARTICLE = Document(
    "malgrupper",
    "Målgrupper",
    "article",
    "Nyanlända och långtidsarbetslösa.",
    "Sidan om målgrupper",
    "odaterad",
    basis="S2",
    status="ej granskad av stödfunktionen",
    tags=("målgrupp",),
    questions=("Vilka gäller det?",),
)
STATUTE = Document(
    "sfs-2016-1145",
    "LOU",
    "statute",
    "1 § En upphandlande myndighet får ställa villkor.",
    "LOU",
    "2025-09-01",
    sections=(Section("LOU 17 kap. 1 §", "Villkor", 0, 10, "Lag (2023:815)", damaged=True),),
)
CHANGED = replace(ARTICLE, body="Unga.")


def live_body(store: Store) -> str | None:
    stored = store.guidance.document("malgrupper")
    return stored.document.body if stored else None


def test_a_published_document_comes_back_whole(any_store: Store) -> None:
    result = any_store.guidance.publish_documents([ARTICLE, STATUTE], NOW, "anna")
    assert result.published == ("malgrupper", "sfs-2016-1145")
    stored = any_store.guidance.published_documents()
    assert [one.document for one in stored] == [ARTICLE, STATUTE]
    assert {(one.version, one.published_at, one.published_by) for one in stored} == {
        (1, NOW, "anna")
    }


def test_publishing_twice_changes_nothing(any_store: Store) -> None:
    any_store.guidance.publish_documents([ARTICLE, STATUTE], NOW)
    again = any_store.guidance.publish_documents([ARTICLE, STATUTE], NOW)
    assert (again.published, again.unchanged) == ((), ("malgrupper", "sfs-2016-1145"))
    assert any_store.guidance.corpus_version() == 1
    assert len(any_store.guidance.versions("malgrupper")) == 1


def test_a_running_server_learns_what_changed(any_store: Store) -> None:
    assert any_store.guidance.corpus_version() == 0
    any_store.guidance.publish_documents([ARTICLE, STATUTE], NOW)
    any_store.guidance.publish_documents([CHANGED], NOW)
    assert any_store.guidance.corpus_version() == 2
    any_store.guidance.retire("sfs-2016-1145", NOW, "anna")
    assert any_store.guidance.corpus_version() == 3
    assert [one.document for one in any_store.guidance.published_documents()] == [CHANGED]


def test_an_old_answer_can_be_read_in_its_own_version(any_store: Store) -> None:
    any_store.guidance.publish_documents([ARTICLE], NOW)
    any_store.guidance.publish_documents([CHANGED], NOW)
    old = any_store.guidance.document("malgrupper", 1)
    assert old is not None
    assert (old.document, old.status, old.retired_at) == (ARTICLE, "replaced", NOW)
    assert any_store.guidance.document("malgrupper", 3) is None


def test_a_draft_is_not_quoted_until_it_is_published(any_store: Store) -> None:
    any_store.guidance.publish_documents([ARTICLE], NOW)
    number = any_store.guidance.save_draft(CHANGED, NOW, "anna")
    assert live_body(any_store) == ARTICLE.body
    assert any_store.guidance.corpus_version() == 1
    assert [draft.version for draft in any_store.guidance.drafts()] == [number]
    any_store.guidance.publish_draft("malgrupper", number, NOW, "bo")
    assert live_body(any_store) == CHANGED.body
    assert any_store.guidance.drafts() == ()
    with pytest.raises(NotFound):
        any_store.guidance.publish_draft("malgrupper", number, NOW, "bo")


def test_a_discarded_draft_can_still_be_read(any_store: Store) -> None:
    number = any_store.guidance.save_draft(ARTICLE, NOW, "anna")
    any_store.guidance.discard_draft("malgrupper", number, NOW)
    assert any_store.guidance.drafts() == ()
    stored = any_store.guidance.document("malgrupper", number)
    assert stored is not None
    assert stored.status == "discarded"


def test_a_publication_can_be_undone(any_store: Store) -> None:
    any_store.guidance.publish_documents([ARTICLE], NOW)
    any_store.guidance.publish_documents([CHANGED], NOW)
    assert any_store.guidance.roll_back("malgrupper", 1, NOW, "anna") == 3
    assert live_body(any_store) == ARTICLE.body
    statuses = [one.status for one in any_store.guidance.versions("malgrupper")]
    assert statuses == ["replaced", "replaced", "published"]
    with pytest.raises(NotFound):
        any_store.guidance.roll_back("malgrupper", 9, NOW, "anna")


def test_a_retired_document_is_gone_until_somebody_publishes_it(any_store: Store) -> None:
    any_store.guidance.publish_documents([ARTICLE], NOW)
    any_store.guidance.retire("malgrupper", NOW, "anna")
    assert live_body(any_store) is None
    with pytest.raises(NotFound):
        any_store.guidance.retire("malgrupper", NOW, "anna")
    any_store.guidance.publish_documents([ARTICLE], NOW)
    assert live_body(any_store) == ARTICLE.body


def test_a_shipped_text_replaces_only_the_text_shipped_before(any_store: Store) -> None:
    guidance = any_store.guidance
    assert guidance.sync_shipped([ARTICLE], NOW).published == ("malgrupper",)
    assert guidance.sync_shipped([ARTICLE], NOW).unchanged == ("malgrupper",)
    assert guidance.sync_shipped([CHANGED], NOW).published == ("malgrupper",)
    assert live_body(any_store) == CHANGED.body


def test_a_text_edited_here_is_never_overwritten_by_a_release(any_store: Store) -> None:
    guidance = any_store.guidance
    guidance.sync_shipped([ARTICLE], NOW)
    edited = replace(ARTICLE, body="Vår egen text.")
    guidance.publish_documents([edited], NOW, "anna")
    assert guidance.sync_shipped([ARTICLE], NOW).unchanged == ("malgrupper",)
    assert guidance.sync_shipped([CHANGED], NOW).drafted == ("malgrupper",)
    assert guidance.sync_shipped([CHANGED], NOW).unchanged == ("malgrupper",)
    assert live_body(any_store) == edited.body
    assert [draft.document for draft in guidance.drafts()] == [CHANGED]


def test_a_retired_text_is_never_revived_by_a_release(any_store: Store) -> None:
    guidance = any_store.guidance
    guidance.sync_shipped([ARTICLE], NOW)
    guidance.retire("malgrupper", NOW, "anna")
    for text in (ARTICLE, CHANGED):
        assert guidance.sync_shipped([text], NOW).left_retired == ("malgrupper",)
    assert guidance.published_documents() == ()


def test_publishers_take_turns(any_store: Store) -> None:
    def publish(number: int) -> None:
        any_store.guidance.publish_documents([replace(ARTICLE, body=str(number))], NOW)

    with ThreadPoolExecutor(4) as pool:
        list(pool.map(publish, range(8)))
    versions = any_store.guidance.versions("malgrupper")
    assert [one.version for one in versions] == list(range(1, 9))
    assert [one.status for one in versions].count("published") == 1
    assert any_store.guidance.corpus_version() == 8


def test_gold_questions_can_be_added_and_ended(any_store: Store) -> None:
    any_store.gold.add("Vad är avsteg?", "sv", {"document": "avsteg"}, "anna", NOW)
    (question,) = any_store.gold.list()
    assert (question.question, question.expected) == ("Vad är avsteg?", {"document": "avsteg"})
    any_store.gold.end(question.id, NOW)
    assert any_store.gold.list() == ()
    with pytest.raises(NotFound):
        any_store.gold.end(question.id, NOW)


hashes = st.sampled_from(["", "a", "b", "c"])


@given(hashes, hashes, st.sampled_from(["a", "b", "c"]), st.booleans())
def test_a_release_publishes_by_itself_only_over_its_own_text(
    live: str, shipped_before: str, shipped: str, published: bool
) -> None:
    head = Head(1 if live else None, live, shipped_before, 1, published or bool(live))
    fate = decide(head, shipped)
    if fate == "published":
        assert live == shipped_before != shipped
    if not live and head.published:
        assert fate == "left_retired"


def test_the_hash_tells_contents_apart_but_not_empty_fields() -> None:
    assert content_hash(ARTICLE) == content_hash(replace(ARTICLE, url=""))
    assert content_hash(ARTICLE) != content_hash(CHANGED)
    assert content_hash(ARTICLE) != content_hash(replace(ARTICLE, status="granskad"))
