"""The one place for Swedish: everything the rest of the project knows about words.

``folding`` compares, ``words`` stems, splits and corrects, ``number_words`` counts, ``detection``
tells languages apart and ``glossary`` knows the words of the field; import them from here.
"""

from intents.detection import Language, detect_language
from intents.folding import Folded, Token, fold, fold_with_origins, tokenize
from intents.glossary import Glossary, Mention, Term, canonical, expand, is_near, load_glossary
from intents.number_words import number_at, number_words, parse_number
from intents.words import allowed_edits, char_ngrams, correct, split_compound, stem, stems

__all__ = [
    "Folded",
    "Glossary",
    "Language",
    "Mention",
    "Term",
    "Token",
    "allowed_edits",
    "canonical",
    "char_ngrams",
    "correct",
    "detect_language",
    "expand",
    "fold",
    "fold_with_origins",
    "is_near",
    "load_glossary",
    "number_at",
    "number_words",
    "parse_number",
    "split_compound",
    "stem",
    "stems",
    "tokenize",
]
