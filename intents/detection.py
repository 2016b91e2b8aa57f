"""Tell Swedish and English questions from those in a language the assistant does not speak.

Small words and letter patterns decide; a statistical model would be larger and no surer on the one
line people write in a chat. A text that shows no language (a name, "4 mån") is taken as Swedish.
"""

import re
from functools import lru_cache
from typing import Literal

from intents.folding import fold, tokenize
from intents.number_words import ENGLISH_TENS, ENGLISH_UNITS

Language = Literal["sv", "en", "other"]

_SWEDISH_LINES = """
    och att det som en ett den de vi ni jag man hon han är var vara blir bli på av för med till från
    om vid hos inte icke men eller så när då hur vad vem vilka vilken vilket varför vart har hade ha
    kan kunde ska skall skulle måste får fick bör vill ville behöver min mitt mina vår vårt våra er
    ert era sig sin sitt sina denna detta dessa där här nu också bara även under över efter innan
    mellan utan alla allt något någon några ingen inga mer mest minst högst mycket många finns gör
    göra gjort säger enligt samt hej tack ja nej den dem oss dig mig ju la väl nån nåt
    månader månad mån vecka veckor år halvår personer upphandling upphandlingen upphandlingar avtal
    avtalet krav kravet kraven villkor bruttolistan avsteg stöd hjälp gäller räknas kräver betyder
    hänsyn social sociala ramavtal rapport rapportera städning personal fråga svar varar pågår
    första tusen hundra kronor leverantör leverantören kommun kommunen staden nytt nya
    """
_ENGLISH_LINES = """
    the of and to is are was were be been do does did how what who whom which why where when must
    can could should shall would will may might have has had we i you they it its this that these
    those a an in on at for with from by about not no or if than then there our your my me us any
    more most least less need needs required requirement requirements count counts list gross
    procurement procurements contract contracts tender deviation deviations report support worker
    workers month months week weeks year years people persons framework hello hi thanks
    please apply applies include included last lasts long many much
    """
SWEDISH = frozenset(_SWEDISH_LINES.split())
ENGLISH = frozenset(_ENGLISH_LINES.split())
#: Norwegian and Danish are left out on purpose: who writes them reads a Swedish answer.
OTHERS = {
    "fi": """ja on ei se että mitä missä mikä miten kuinka onko voiko voin voi tämä tästä minun
        täytyy pitää pitääkö jos kun myös hankinta hankinnan hankinnassa sopimus kuukautta kuka
        milloin miksi kiitos hei ovat olen olla sekä tai mutta""",
    "de": """der die das und ist nicht ein eine einen einer ich wir sie mit für auf von zu wie was
        wer muss müssen kann können wenn oder auch bei nach über welche gibt es sind werden wird
        haben hat im am zum zur vertrag monate ausschreibung liste brauche bitte danke""",
    "fr": """le la les des une est et je nous vous pas pour avec dans que qui comment quel quelle
        sur au aux du contrat mois marché dois faut est-ce sont avoir être""",
    "es": """el la los las una es y que cómo qué para con por del se hay contrato meses debo tengo
        puedo son está cuál cuándo dónde gracias hola""",
    "pl": """jest nie się czy jak na do że co dla przez oraz muszę mogę umowa miesiące kiedy
        dzień gdzie kto który która są""",
    "so": """waa maxay sidee waxaan iyo ku ka aan ma in uu ay waxa fadlan mahadsanid""",
    "tr": """ve bir bu için nasıl ne mi mı değil ile var yok kaç ay sözleşme gerekir merhaba""",
    "bs": """je i da li se kako što šta koji koja za na od nije su sam mogu moram ugovor mjeseci
        hvala gdje kada""",
    "nl": """het een en van ik wij niet met voor hoe wat wie moet kan als ook bij naar zijn heeft
        worden contract maanden aanbesteding""",
    "it": """il lo gli una è e che come cosa per con del della sono devo posso contratto mesi
        quando dove perché grazie""",
}
FOREIGN = {name: frozenset(words.split()) for name, words in OTHERS.items()}
#: People without a Swedish keyboard write "maste"; "for" stays English.
SWEDISH_SPELLINGS = SWEDISH | (frozenset(map(fold, SWEDISH)) - ENGLISH)

#: Word endings and letter runs that Finnish has and Swedish has not.
_FINNISH = re.compile(r"(?:ssa|ssä|sta|stä|lla|llä|lle|ksi|nen|tta|ttä|een|uus|yys|vat|vät)$")
_FINNISH_RUN = re.compile(r"ii|uu|yy|ää|öö|aa|kk[aäeiou]n")
_LATIN = re.compile(r"[a-zà-öø-ÿœşığćčđšžąęłńśźż]")
_LETTER = re.compile(r"[^\W\d_]")
_ENGLISH_NUMBERS = (frozenset(ENGLISH_UNITS) | frozenset(ENGLISH_TENS)) - {"ten"}

#: Endings that mark a word as Swedish or English when no small word does.
_SWEDISH_FORM = re.compile(r"(?:ningen|ningar|ning|arna|erna|orna|ande|heten|het|iska|isk|ade)$")
_ENGLISH_FORM = re.compile(r"(?:tion|tions|ing|ment|ments|ness|ship|ity|able|ly)$")

#: From this many words on a text without any sign of Swedish or English is another language.
ENOUGH_WORDS = 6


@lru_cache(maxsize=4_096)
def detect_language(text: str) -> Language:
    """Return the language of a message: Swedish when in doubt, ``other`` only on evidence."""
    words = [token.text.casefold() for token in tokenize(text)]
    letters = _LETTER.findall(text.casefold())
    if not letters:
        return "sv"
    if sum(map(bool, map(_LATIN.match, letters))) < len(letters) / 2:
        return "other"
    swedish = sum(word in SWEDISH_SPELLINGS for word in words)
    english = sum(word in ENGLISH or word in _ENGLISH_NUMBERS for word in words)
    foreign = max(sum(word in known for word in words) for known in FOREIGN.values())
    foreign = max(foreign, _finnish(words))
    swedish_forms = swedish + _forms(words, _SWEDISH_FORM) / 2 + _swedish_letters(words) / 2
    english_forms = english + _forms(words, _ENGLISH_FORM) / 4
    signs = max(swedish_forms, english_forms)
    if foreign > signs and len(words) > 1:
        return "other"
    if not signs and len(words) >= ENOUGH_WORDS and not any(word.isdigit() for word in words):
        return "other"
    return "en" if english_forms > swedish_forms and english else "sv"


def _finnish(words: list[str]) -> int:
    known = FOREIGN["fi"]
    signs = sum(
        word in known or bool(_FINNISH_RUN.search(word) or _FINNISH.search(word)) for word in words
    )
    return signs if signs > 1 else 0


def _forms(words: list[str], form: re.Pattern[str]) -> int:
    return sum(bool(form.search(word)) for word in words if len(word) > 5)


def _swedish_letters(words: list[str]) -> int:
    return sum("å" in word or "ö" in word or "ä" in word for word in words)
