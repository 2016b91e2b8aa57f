"""The words a deviation is told in: suppliers, talk, agreement, the support function, contracts.

Every pattern is matched against folded text.
"""

import re


def _any_of(*lines: str) -> re.Pattern[str]:
    """Compile alternatives, one or more per line, that begin and end at word borders."""
    return re.compile(rf"\b(?:{'|'.join(lines)})\b")


def _one_of(words: str) -> str:
    """Return a pattern for any of the words, parted by spaces."""
    return f"(?:{'|'.join(words.split())})"


#: Where one sentence, or one part of it, ends and the next begins.
SENTENCE_END = re.compile(r"[!?;\n]+|\.(?=\s|$)|\s-\s")
CLAUSE_END = re.compile(r"[!?;\n,]+|\.(?=\s|$)|\s-\s|\b(?:men|fast|but|although)\b")

_SUPPORT = r"(?:stodfunktion(?:en)?|stodet|(?:the )?support function)"
_YOU = rf"(?:er|ert|dig|you|{_SUPPORT})"
_THEY = rf"(?:ni|du|{_SUPPORT}|you)"
_NOT = r"(?:inte|ej|aldrig|icke|ingen|inget|varken|nobody|not|never|no|none|\w+n't)"
_FEW = r"(?:\W+\w+){0,6}?\W+"

#: The support function was left out, whatever else is said.
WITHOUT = _any_of(
    rf"(?:utan|without)\W+(?:\w+\W+){{0,5}}?{_YOU}",
    rf"(?:vid sidan av|forbi|runt|around|past) (?:{_YOU}|modellen|the model)",
    rf"hoppa(?:t|de)? over {_YOU}|bakom (?:ryggen pa {_YOU}|er rygg)|behind your backs?",
    rf"strunta(?:t|de)? i {_YOU}|(?:skipped|bypassed|left out|ignored) {_YOU}",
    "pa egen hand|pa eget bevag|on our own",
)
#: The same said with a "not", which may also deny something else.
NOT_WITH = _any_of(
    rf"{_NOT}{_FEW}{_YOU}",
    rf"{_THEY}(?:\W+\w+){{0,3}}?\W+(?:inte|ej|aldrig|inget|ingenting|not|never"
    r"|nothing|\w+n't)",
)
#: It heard of it only later, so the talk did not go through it.
AFTERWARDS = _any_of(
    rf"{_YOU}{_FEW}(?:i efterhand|efterat|i efterskott|afterwards?|after the fact)",
    rf"(?:i efterhand|efterat|i efterskott|afterwards?){_FEW}{_YOU}",
)
THROUGH = _any_of(
    rf"(?:via|genom|tillsammans med|i samrad med|together with|through) {_YOU}",
    rf"{_THEY}(?: som)? (?:var med|ordnade|formedlade|matchade|deltog|arranged|took part)",
    rf"{_YOU} hela (?:vagen|tiden)",
)
CONTACTED = _any_of(
    rf"(?:kontakta\w*|ring\w*|mejla\w*|maila\w*|fraga\w*|prata\w* med|talade? med|"
    rf"contacted|called|asked|e-?mailed) {_YOU}"
)
#: What says nothing of the talk: not knowing, and reporting itself.
BESIDE = _any_of(
    r"vet (?:inte|ej)|osak\w+|oklart|not sure|(?:don't|do not) know|rapporter\w*|beratt\w+"
    r"|report\w*|told|tell|skickat|anmal\w+|far ni|hor av er"
)

SUPPLIER = _any_of(
    r"\w*(?:leverantor|entreprenor|underentreprenor|anbudsgivar|utforar)\w*",
    r"\w{3,}(?:firma|foretag)\w*|(?:firma|foretag)\w*",
    r"(?:vakt|bygg|stad|taxi|event|vvs|el|bemannings|anlaggnings|entreprenad|flytt)bolag\w*",
    r"\w*(?:laggar|slagar|mokar|malar|snickar|murar|stadar|montor|elektriker|konsult|plattsattar"
    r"|glasmastar|svetsar|gravar)(?:e|en|n|na|ens|ns)?",
    r"bygg(?:et|are|aren|arna)|gubbarna|vvs\w*|bravida|ncc|peab|skanska|veidekke|serneke",
    r"(?:sub)?(?:suppliers?|contractors?|vendors?|providers?)|(?:plumb|clean|cater|paint|roof|build)"
    r"ers?|carpenters?|electricians?|bricklayers?|compan(?:y|ies)|firms?",
)
TALK = _any_of(
    _one_of(
        r"""pratade?s? prata\w* diskuter\w+ snacka\w* talade? talat samtal\w* dialog moten? mote
        forhandla\w* traff\w+ satt\svi\sner satt\smed ringde bad talked discuss\w* spoke asked
        negotiat\w+ met meeting called"""
    )
)
#: Words for an agreement, and for somebody taking people on.
AGREED = _any_of(
    r"kom(?:mit|mer)?(?:\W+\w+){0,4}?\W+overens|overenskom\w*|avtala(?:r|de|t|ts)?|bestam(?:t|de|des)"
    r"|gjor(?:t|de) upp|enades|enats|lova\w*|lofte|fick|fatt|ordna\w*|gick med pa|gatt med pa"
    r"|sa(?:de)? ja|tackade ja|blev|blivit|blir|tar|tog|tagit|ta in|ska ha|ska fa|ska ta|far"
    r"|anstallde|anstaller|erbjod|erbjud\w+|gjort en deal|deal",
    r"agreed|promis\w+|arranged|gave|got|offered|hired|will hire|will take|takes|took|made a deal"
    r"|said yes|accepted",
)
DOUBTFUL = _any_of(r"kanske|eventuell\w*|maybe|perhaps|might|inga|inget")
#: Mere talk, wishes and maybes: nothing can be counted on.
OPEN = _any_of(
    r"kanske|eventuell\w*|mojligen|hoppas|ville|vill|skulle kunna|funderar|undrar|inga|inget"
    r"|maybe|perhaps|might|hope|hoping|wanted|could|no"
)

#: Something that has happened, told of; for knowing a story from other statements.
HAPPENED = _any_of(
    r"kom(?:mit)?(?:\W+\w+){0,4}?\W+overens|teckna(?:de|t)|(?:av)?talade?|avtalat|pratade?|pratat|diskutera(?:de|t)"
    r"|snacka(?:de|t)?|bestam(?:de|t)|gjor(?:de|t) upp|enades|enats|lova(?:de|t)|lofte|fick|fatt"
    r"|ordna(?:de|t)|gick med pa|gatt med pa|sa(?:de)? ja|ringde|bad|forhandla(?:de|t)|erbjod|blev",
    r"agreed|talked|discussed|promised|arranged|offered|hired|made a deal|negotiated|accepted",
)
FORM = _any_of(
    r"\w*larling\w*|praktik(?!en\b)\w*|trainee\w*|\w*anstall(?:a|ning\w*|da)|\w*jobb"
    r"|\w*arbetstraning\w*|sysselsattning\w*|platser?|en plats"
    r"|apprentice\w*|internships?|interns|jobs?|placements?"
)
#: A case thought up: no report.
SUPPOSED = _any_of(r"(?:om|ifall|if) (?:vi|jag|man|nagon|we|i|you)")

_CONTRACT = r"(?:\w*avtal(?:et|en)?|kontrakt(?:et)?|(?:the )?contract)"
_SIGNED = (
    r"(?:(?:under)?teckna(?:t|de|des|ts)|(?:pa|under)?skriv(?:et|na)|skrevs?|skrevet|klart|signera\w*"
    r"|underskrivet|pa plats|signed|in place)"
)
SIGNED = _any_of(
    rf"{_CONTRACT}(?:\W+\w+){{0,4}}?\W+{_SIGNED}",
    rf"{_SIGNED}(?:\W+\w+){{0,2}}?\W+{_CONTRACT}",
    rf"har (?:redan )?(?:ett )?{_CONTRACT}",
)
UNSIGNED = _any_of(
    rf"{_CONTRACT}(?:\W+\w+){{0,3}}?\W+(?:inte|ej|not|isn't)(?:\W+\w+){{0,2}}?\W+{_SIGNED}",
    rf"(?:inte|ej|annu inte|not)(?:\W+\w+){{0,3}}?\W+{_SIGNED}(?:\W+\w+){{0,2}}?\W+{_CONTRACT}",
    rf"inget {_CONTRACT}|(?:innan|fore|before)(?:\W+\w+){{0,2}}?\W+{_CONTRACT}",
    rf"{_CONTRACT}(?:\W+\w+){{0,3}}?\W+(?:osignerat|olaserat)",
)
#: Nobody talked with a supplier at all.
NO_TALK = _any_of(
    rf"(?:inte|aldrig|ej|not|never)(?:\W+\w+){{0,3}}?\W+(?:pratat|talat|snackat|diskuterat|haft"
    rf"|talked|spoken|discussed)(?:\W+\w+){{0,4}}?\W+{SUPPLIER.pattern}",
    rf"(?:pratade|talade|diskuterade) (?:inte|aldrig|ej)(?:\W+\w+){{0,4}}?\W+{SUPPLIER.pattern}",
    r"(?:inte|aldrig|ej) (?:pratat|talat) med nagon|(?:inget|inga) samtal med",
)

TYPES = (
    ("ramavtal_avrop", _any_of(r"\w*ramavtal\w*|avrop\w*|framework|call-?off")),
    ("entreprenad", _any_of(r"\w*entreprenad\w*|byggprojekt\w*|nybygge\w*|works contract")),
    ("koncession", _any_of(r"koncession\w*|concession")),
    ("iop", _any_of(r"iop|ideburet offentligt partnerskap")),
    ("tjanst", _any_of(r"tjansteupphandling\w*|service contract",
                       r"(?:stad|bevaknings|konsult|vakt|transport|maltids)"
                       r"(?:avtal|upphandling|uppdrag|kontrakt)\w*")),
    ("vara", _any_of(r"varuupphandling\w*|varuavtal\w*|inkop av varor|supply contract")),
)  # fmt: skip
#: Who tells: "jag är projektledare", "som upphandlare på ...".
ROLE = re.compile(
    r"\b(?:jag ar|jag (?:ar|jobbar|arbetar)(?:\W+\w+){1,4}?\W+som|i am|i'm|i work as)"
    r"\W+(?:en |a |an |the )?(?P<role>\w+(?: (?:manager|officer|owner))?)"
)
REFERENCE = re.compile(
    r"\b(?:(?:dnr|diarienr|diarienummer\w*|avtalsnummer|avtalsnr|annons\w*|upphandling\w*|upph"
    r"|ref\w*|procurement|reference|registration)[\s.:]+(?:nr|nummer|number|no)?[\s.:]*)+"
    r"(?P<number>(?:[a-z]{1,4}[ -])?\d[\w/-]*\d)"
)
#: A name in quotation marks beside the word procurement.
QUOTED = re.compile(
    r"\b(?:upphandling\w*|projekt\w*|procurement)\W+[\"'”“](?P<name>[^\"”“]{3,80})[\"'”“]"
)
#: The model used instead, and with whom it was agreed; matched against the text as written.
MODEL = re.compile(
    r"\b(?P<model>(?:(?:vår|en|ett|our) )?(?:egen|eget|annan|annat|own|another|different) "
    r"(?:\w+ )?(?:modell|upplägg|arbetssätt|model|approach))\b",
    re.IGNORECASE,
)
AGREED_WITH = re.compile(
    r"\b(?:avstämd?[at]?|avstämt|stämde av|stämt av|reconciled|agreed)(?: \w+)? (?:med|with) "
    r"(?P<who>(?:(?:vår|vårt|our|the) )?[^\W\d]+)(?P<when>[^,.;!?\n]*)",
    re.IGNORECASE,
)
REASON = re.compile(
    r"\b(?:eftersom|darfor att|pa grund av att|for att det var|pga|p\.g\.a\.?|because)\s+"
    r"(?P<why>[^.!?\n]{8,300})"
)
COMPANY = re.compile(
    r"\b(?:[Ll]everantören|[Ee]ntreprenören|[Ff]irman|[Ff]öretaget|[Ss]upplier|[Cc]ontractor)\s+"
    r"(?P<name>[A-ZÅÄÖ][\w&]+(?:\s+(?:[A-ZÅÄÖ][\w&]+|AB|&))*)"
)
