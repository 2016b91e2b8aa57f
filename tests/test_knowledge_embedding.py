"""Which models are accepted, and that ours gives the same vectors with and without torch."""

import importlib.util
import json
import random
import shutil
import time
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from safetensors.numpy import load_file, save_file

from knowledge.embedding import (
    SHIPPED_MODEL,
    HashEmbedder,
    SentenceEmbedder,
    StaticEmbedder,
    load_embedder,
    require_same,
)
from knowledge.errors import (
    IndexMismatch,
    ModelBroken,
    ModelMissing,
    UnsafeModel,
)
from knowledge.model_folder import family_prompts, read_prompts

HAS_EXTRA = importlib.util.find_spec("sentence_transformers") is not None
needs_extra = pytest.mark.skipif(
    not HAS_EXTRA, reason="needs the extra semantic (torch and sentence-transformers)"
)
# The libraries warn about their own future; those are not ours to fail on.
pytestmark = pytest.mark.filterwarnings("default")
WORDS = [
    "upphandling",
    "LÄRLING",
    "anställning",
    "åäö",
    "zzqqx",
    "🙂",
    "👩‍🚒",
    "§",
    "…",
    "4",
    "x" * 90,
]


@pytest.fixture(scope="module")
def shipped() -> StaticEmbedder:
    return StaticEmbedder(SHIPPED_MODEL)


@pytest.fixture
def copied(tmp_path: Path) -> Path:
    return Path(shutil.copytree(SHIPPED_MODEL, tmp_path / "model"))


def odd_texts(count: int) -> list[str]:
    chooser = random.Random(7)
    long = " ".join(chooser.choice(WORDS) for _ in range(5000))
    fixed = ["", " ", "\n\t", "🙂", "VERSALER ÖVERALLT", "ﬁ ½ ①", "\u200b", "e\u0301", long]
    lengths = (chooser.randrange(1, 40) for _ in range(count - len(fixed)))
    return fixed + [" ".join(chooser.choice(WORDS) for _ in range(n)) for n in lengths]


@needs_extra
def test_our_model_gives_the_same_vectors_in_sentence_transformers(shipped):
    from sentence_transformers import SentenceTransformer

    texts = odd_texts(1000)
    theirs = SentenceTransformer(str(SHIPPED_MODEL), device="cpu").encode(texts)
    assert np.abs(theirs - shipped.encode_passages(texts)).max() <= 1e-6


def test_the_shipped_folder_stays_under_twelve_megabytes_and_holds_no_pickles():
    files = [path for path in SHIPPED_MODEL.rglob("*") if path.is_file()]
    assert sum(path.stat().st_size for path in files) <= 12_000_000
    assert {path.suffix for path in files} <= {".json", ".safetensors", ".md"}


def test_vectors_have_length_one_and_an_empty_text_gives_zeros(shipped):
    vectors = shipped.encode_queries(["Vad är en bruttolista?", ""])
    assert vectors.dtype == np.float32
    assert vectors.shape == (2, shipped.dimension)
    assert np.linalg.norm(vectors, axis=1) == pytest.approx([1, 0], abs=1e-6)


@pytest.mark.parametrize("embedder", [HashEmbedder(), StaticEmbedder(SHIPPED_MODEL)])
def test_no_texts_give_no_vectors(embedder):
    assert embedder.encode_queries([]).shape == (0, embedder.dimension)


def test_capitals_and_inflection_do_not_change_what_is_found(shipped):
    near, far = shipped.encode_passages(["upphandlingar", "Myndigheten får meddela föreskrifter"])
    (asked,) = shipped.encode_queries(["UPPHANDLINGEN"])
    assert asked @ near > 0.8 > asked @ far


@settings(max_examples=60, deadline=None)
@given(text=st.text(st.characters(), max_size=200))
def test_any_text_gets_a_finite_vector(text):
    vectors = StaticEmbedder.encode_queries(cached_model(), [text])
    assert np.isfinite(vectors).all()


def cached_model(cache: list[StaticEmbedder] = []) -> StaticEmbedder:  # noqa: B006 - loaded once
    if not cache:
        cache.append(StaticEmbedder(SHIPPED_MODEL))
    return cache[0]


def test_half_a_surrogate_pair_is_survived(shipped):
    assert np.isfinite(shipped.encode_queries(["anbud \ud83d"])).all()


def test_a_question_takes_well_under_a_millisecond(shipped):
    question = ["Hur länge måste kontraktet löpa för att upphandlingen ska stå på listan?"]
    started = time.perf_counter()
    for _ in range(200):
        shipped.encode_queries(question)
    # Some 30 microseconds on a quiet machine; the limit leaves room for a busy one.
    assert (time.perf_counter() - started) / 200 < 0.001


def test_a_truncated_file_is_refused(copied):
    weights = copied / "model.safetensors"
    weights.write_bytes(weights.read_bytes()[:-1000])
    with pytest.raises(ModelBroken, match="truncated"):
        StaticEmbedder(copied)


def test_pickled_weights_are_refused(copied):
    (copied / "model.safetensors").rename(copied / "pytorch_model.bin")
    with pytest.raises(UnsafeModel, match=r"pytorch_model\.bin"):
        StaticEmbedder(copied)


@pytest.mark.parametrize("name", ["tokenizer.json", "modules.json", "model.safetensors"])
def test_a_missing_file_is_named(copied, name):
    (copied / name).unlink()
    with pytest.raises(ModelMissing):
        StaticEmbedder(copied)


@pytest.mark.parametrize("name", ["tokenizer.json", "modules.json"])
def test_a_damaged_file_is_named(copied, name):
    (copied / name).write_text('{"half": ', encoding="utf-8")
    with pytest.raises(ModelBroken, match=name):
        StaticEmbedder(copied)


def test_a_tokenizer_that_knows_more_tokens_than_the_weights_is_refused(copied):
    table = load_file(copied / "model.safetensors")["embedding.weight"]
    save_file({"embedding.weight": table[:-5].copy()}, copied / "model.safetensors")
    with pytest.raises(ModelBroken, match="tokens"):
        StaticEmbedder(copied)


def test_weights_that_are_not_numbers_are_refused(copied):
    table = load_file(copied / "model.safetensors")["embedding.weight"].copy()
    table[3, 3] = np.nan
    save_file({"embedding.weight": table}, copied / "model.safetensors")
    with pytest.raises(ModelBroken, match="finite"):
        StaticEmbedder(copied)


def test_a_changed_model_has_another_fingerprint(copied, shipped):
    table = load_file(copied / "model.safetensors")["embedding.weight"].copy()
    table[0, 0] += 1
    save_file({"embedding.weight": table}, copied / "model.safetensors")
    assert StaticEmbedder(copied).fingerprint != shipped.fingerprint


@pytest.mark.parametrize(("fingerprint", "dimension"), [("hash@64", 128), ("other@1", 64)])
def test_an_index_of_another_model_or_size_is_refused(fingerprint, dimension):
    with pytest.raises(IndexMismatch, match="builds it anew"):
        require_same(HashEmbedder(64), fingerprint, dimension)


def test_an_index_of_the_same_model_is_accepted():
    require_same(HashEmbedder(64), "hash@64", 64)


def test_the_setting_chooses_the_model(tmp_path, copied):
    assert load_embedder("", tmp_path).fingerprint == load_embedder("shipped", tmp_path).fingerprint
    assert isinstance(load_embedder("hash", tmp_path), HashEmbedder)
    assert isinstance(load_embedder("model", tmp_path), StaticEmbedder)


def test_a_model_that_is_not_here_is_reported_without_asking_the_network(tmp_path):
    with pytest.raises(ModelMissing, match="no-such-model"):
        load_embedder("no-such-organisation/no-such-model", tmp_path)


def test_the_hash_embedder_is_the_same_everywhere():
    (vector,) = HashEmbedder(8).encode_queries(["avsteg"])
    (again,) = HashEmbedder(8).encode_passages(["Avsteg"])
    assert vector.tolist() == again.tolist()
    assert np.linalg.norm(vector) == pytest.approx(1)


@pytest.mark.parametrize(
    ("name", "query", "passage"),
    [
        ("intfloat/multilingual-e5-small", "query: ", "passage: "),
        ("models/e5_own", "query: ", "passage: "),
        ("KBLab/sentence-bert-swedish-cased", "", ""),
        ("org/made5times", "", ""),
    ],
)
def test_e5_models_get_their_prefixes_and_others_none(name, query, passage):
    prompts = family_prompts(name)
    assert (prompts.query, prompts.passage) == (query, passage)


def test_an_e5_instruct_model_gets_a_task_for_questions_only():
    prompts = family_prompts("intfloat/multilingual-e5-large-instruct")
    assert prompts.query.startswith("Instruct: ")
    assert prompts.passage == ""


def test_stored_prompts_win_over_the_familys(tmp_path):
    config = {"prompts": {"query": "fråga: ", "document": "text: "}, "default_prompt_name": None}
    (tmp_path / "config_sentence_transformers.json").write_text(json.dumps(config))
    prompts = read_prompts(tmp_path, "org/multilingual-e5-small")
    assert (prompts.query, prompts.passage) == ("fråga: ", "text: ")


def test_a_default_prompt_stands_in_for_a_missing_one(tmp_path):
    config = {"prompts": {"sts": "likna: ", "query": "fråga: "}, "default_prompt_name": "sts"}
    (tmp_path / "config_sentence_transformers.json").write_text(json.dumps(config))
    assert read_prompts(tmp_path, "x").passage == "likna: "


@pytest.fixture(scope="module")
def transformer(tmp_path_factory) -> Path:
    """A real, tiny transformer with random weights and stored prompts."""
    if not HAS_EXTRA:
        pytest.skip("needs the extra semantic (torch and sentence-transformers)")
    import torch
    from sentence_transformers import SentenceTransformer
    from sentence_transformers import models as modules
    from transformers import BertConfig, BertModel, BertTokenizerFast

    folder = tmp_path_factory.mktemp("tiny")
    letters = "abcdefghijklmnopqrstuvwxyzåäö:"
    words = ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]", *letters, *(f"##{c}" for c in letters)]
    (folder / "vocab.txt").write_text("\n".join(words), encoding="utf-8")
    torch.manual_seed(0)
    config = BertConfig(
        vocab_size=len(words),
        hidden_size=24,
        num_hidden_layers=2,
        num_attention_heads=2,
        intermediate_size=48,
        max_position_embeddings=128,
    )
    BertModel(config).save_pretrained(folder / "bert")
    BertTokenizerFast(str(folder / "vocab.txt")).save_pretrained(folder / "bert")
    bert = modules.Transformer(str(folder / "bert"), max_seq_length=128)
    model = SentenceTransformer(
        modules=[bert, modules.Pooling(24)],
        device="cpu",
        prompts={"query": "fråga: ", "document": "text: "},
    )
    model.save(str(folder / "model"))
    return folder / "model"


def test_a_transformer_is_used_with_its_stored_prompts(transformer):
    from sentence_transformers import SentenceTransformer

    embedder = load_embedder(str(transformer), Path("unused"))
    bare = SentenceTransformer(str(transformer), device="cpu")
    for prefix, vectors in [
        ("fråga: ", embedder.encode_queries(["hur många månader"])),
        ("text: ", embedder.encode_passages(["hur många månader"])),
    ]:
        expected = bare.encode([prefix + "hur många månader"], prompt="", normalize_embeddings=True)
        assert np.abs(vectors - expected).max() < 1e-5


def test_a_transformer_tells_dimension_and_fingerprint(transformer):
    embedder = SentenceEmbedder(str(transformer))
    assert embedder.dimension == 24
    assert embedder.encode_queries([]).shape == (0, 24)
    assert embedder.fingerprint == SentenceEmbedder(str(transformer)).fingerprint


def test_an_e5_folder_without_stored_prompts_is_used_with_the_prefixes(transformer, tmp_path):
    folder = Path(shutil.copytree(transformer, tmp_path / "tiny-e5"))
    config = folder / "config_sentence_transformers.json"
    config.write_text(json.dumps(json.loads(config.read_text()) | {"prompts": {}}))
    assert SentenceEmbedder(str(folder)).prompts.query == "query: "


def test_a_transformer_with_pickled_weights_is_refused(transformer, tmp_path):
    folder = Path(shutil.copytree(transformer, tmp_path / "pickled"))
    (weights,) = folder.rglob("model.safetensors")
    weights.rename(weights.with_name("pytorch_model.bin"))
    with pytest.raises(UnsafeModel):
        SentenceEmbedder(str(folder))


def test_a_truncated_transformer_is_refused(transformer, tmp_path):
    folder = Path(shutil.copytree(transformer, tmp_path / "cut"))
    (weights,) = folder.rglob("model.safetensors")
    weights.write_bytes(weights.read_bytes()[:200])
    with pytest.raises(ModelBroken):
        SentenceEmbedder(str(folder))


def test_a_folder_that_is_not_there_is_named_even_without_the_extra(tmp_path):
    with pytest.raises(ModelMissing, match="nowhere"):
        load_embedder(str(tmp_path / "nowhere"), tmp_path)
