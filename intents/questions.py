"""Does a sentence ask? Told from its form: question words, verb before subject, a question mark.

"När vi träffade firman kom vi överens" opens like a question and is none: there the subject
follows the question word, while a question has its verb there.
"""

from collections.abc import Sequence
from typing import Literal

from intents.concepts import Sentence, comparable, read_sentences

Certainty = Literal["clear", "doubtful", "no"]


def _words(lines: str) -> frozenset[str]:
    return frozenset(map(comparable, lines.split()))


#: May stand before what a sentence is about: greetings and hesitation.
OPENERS = _words("""
    hej hejsan hallå tjena hello hi hey tack ursäkta sorry förlåt ok okej asså alltså men och så då
    jo ja nej eh hm hmm well so but and btw förresten morsning hallojsan du hörru excuse me
    """)
#: May stand between "jag undrar" and the question itself.
_BETWEEN = _words("om över lite en sak här bara på if about just kort snabbt now nu")
#: Say by themselves that a question follows.
ASKING = _words("undrar undra undrade funderar wonder wondering fråga frågar question veta know")
QUESTION_WORDS = _words("""
    hur vad va vilken vilket vilka vem vems när var vart varför varifrån vaffö huruvida hurdan
    how what which who whose when where why whom whether
    """)
SUBJECTS = _words("""
    jag vi du ni man det den de dom han hon hen någon nån något nåt några ett en vår vårt våra min
    mitt mina er ert den denna detta dessa alla ja la i you we they it he she this that these those
    there the a an any anyone someone our my all your one
    """)
VERBS = _words("""
    kan får måste ska skall bör är e har hade finns gäller räknas räcker behöver behövs går vet hör
    blir blev var kostar krävs omfattas ingår stämmer hinner skulle vill borde kunde fick gick gör
    betyder menas innebär ersätter spelar hamnar platsar duger slipper borde tillåter strider håller
    do does did is are was were can may must should has have will could would am shall isn't don't
    fungerar funkar heter säger sker tas kommer brukar kräver vann tar bestämmer tycker
    """)
#: Open a polite request when "jag", "vi", "du" or "ni" follows.
REQUESTING = _words("kan skulle får kunde can could may would vill")
REQUESTERS = _words("jag vi du ni i we you")
#: With the subject left out ("ska rapportera", "har gjort") the verb is followed by one of these.
INFINITIVES = _words("""
    rapportera anmäla registrera lämna skicka fylla göra skriva prata tala boka dela berätta få ha
    ta veta kolla testa pröva se tipsa bidra dra komplettera starta börja fortsätta ställa köpa
    upphandla vara bli redovisa dokumentera vill gärna inte nu på hos med från för precis bara
    meddela komma lägga söka höra stämma kontakta diskutera ordna visst erkänna få
    in ut the to report file submit talk speak book share make done not been
    """)
#: With these the subject left out is the one who writes: "vill anmäla", "ska höra oss för".
_OWN_WISH = _words("vill ska skall skulle behöver måste tänkte önskar vill want need")
#: "Måste kommunala bolag" asks; "måste anmäla" leaves out who.
_DUTIES = _words("ska skall skulle måste")
_WISHERS = _words("jag vi i we")
_BETWEEN_VERBS = _words("visst nog väl bara gärna också la ju nu då även helst ha få")
#: May stand before a question word: "i vilket läge", "till vem".
_PREPOSITIONS = _words("i på till av med från för hos under vid in at to for with from on")
_PLURALS = ("arna", "erna", "orna", "lla", "dda")
#: "Hade ett möte med firman" leaves its subject out too.
_HAD = {"hade": _words("en ett möte samtal dialog")}
_PARTICIPLES = ("at", "it", "ts", "tt", "gjort", "ått")
#: Questions that follow a story: "..., ska det rapporteras", "..., är det ett avsteg".
_FOLLOWING = _words("ska måste bör får kan behöver är blir räknas gäller should must is do can")
_FOLLOWED = _words("jag vi man det den de då we i it that this")


def opened(words: Sequence[str]) -> Sequence[str]:
    """Return the words without greeting, hesitation and "jag undrar" before them."""
    start = 0
    last = len(words) - 1
    while start < last and words[start] in OPENERS and not _leads(words, start):
        start += 1
    for here in range(start, min(start + 5, last)):
        if words[here] in ASKING:
            start = here + 1
            while start < last and words[start] in _BETWEEN and words[start] not in QUESTION_WORDS:
                start += 1
            break
    return words[start:]


def _leads(words: Sequence[str], start: int) -> bool:
    return words[start] in VERBS and words[start + 1] in SUBJECTS


def asks_with_word(words: Sequence[str]) -> bool:
    """Does the sentence open with a question word that is followed by its verb?"""
    words = opened(words)
    if len(words) > 2 and words[0] in _PREPOSITIONS and words[1] in QUESTION_WORDS:
        words = words[1:]
    if not words or words[0] not in QUESTION_WORDS:
        return False
    if len(words) == 1 or words[1] in VERBS:
        return True
    # "när vi träffades" is no question, "hur många", "vilken nämnd" and "hur anmäler" are.
    if words[1] == "i" and words[0] in ("nar", "var", "vart"):
        return True
    return words[1] not in SUBJECTS or words[0] in ("hur", "vad", "how", "what", "which", "vilken")


def asks_with_verb(words: Sequence[str]) -> bool:
    """Does the sentence open with a verb and its subject ("får vi", "is it")?"""
    words = opened(words)
    if len(words) < 2 or words[0] not in VERBS:
        return False
    if words[1] in _HAD.get(words[0], ()) or _wishes_first(words):
        return False
    if words[1] in SUBJECTS:
        return True
    return words[1] not in INFINITIVES and not words[1].endswith(_PARTICIPLES)


def wishes(words: Sequence[str]) -> bool:
    """Does somebody say what they want to do: "jag vill anmäla", "ska lämna in"?"""
    words = opened(words)
    after = next((here for here, word in enumerate(words) if word in _WISHERS), len(words))
    return _wishes_first(words) or any(
        _wishes_first(words[here:]) or (words[here - 1] in _WISHERS and words[here] in _OWN_WISH)
        for here in range(after + 1, len(words))
    )


def _wishes_first(words: Sequence[str]) -> bool:
    """Is it a verb of wish with the infinitive next or nearly: "måste visst anmäla"?"""
    if len(words) < 2 or words[0] not in _OWN_WISH:
        return False
    if words[0] in _DUTIES and words[1] not in INFINITIVES:
        return False
    verb = words[2] if words[1] in _BETWEEN_VERBS and len(words) > 2 else words[1]
    return verb.endswith("a") and verb not in SUBJECTS and not verb.endswith(_PLURALS)


def is_request(words: Sequence[str]) -> bool:
    """Does it open like "kan du ...", "skulle vi kunna ...", "could I ..."?"""
    words = opened(words)
    return len(words) > 2 and words[0] in REQUESTING and words[1] in REQUESTERS


def embeds_question(words: Sequence[str]) -> bool:
    """Does a question stand inside: "jag undrar om", "vet du hur", "..., vad gäller då"?"""
    for here, word in enumerate(words[:-1]):
        if word in ASKING and words[here + 1] in (*QUESTION_WORDS, "om", "if", "over"):
            return True
        if here and word in QUESTION_WORDS and words[here + 1] in VERBS:
            return True
        if here > 2 and word in _FOLLOWING and words[here + 1] in _FOLLOWED:
            return words[here - 1] not in SUBJECTS
    return False


def looks_like_question(text: str) -> Certainty:
    """Tell whether a text written into a free-text slot may be a question instead.

    ``clear``: answer it and ask again; ``doubtful``: ask the person which it is.
    """
    sentences = read_sentences(text)
    asking = [_certainty(sentence) for sentence in sentences]
    if not asking or all(found == "no" for found in asking):
        return "no"
    # A story that ends in a question is an answer and a question: the person decides.
    return "clear" if all(found == "clear" for found in asking) else "doubtful"


def _certainty(sentence: Sentence) -> Certainty:
    words = sentence.words
    formed = asks_with_word(words) or asks_with_verb(words)
    if formed and (sentence.mark or len(words) >= 3):
        return "clear"
    if sentence.mark or formed or embeds_question(words):
        return "clear" if sentence.mark and embeds_question(words) else "doubtful"
    return "no"
