"""The words quantities are said with, folded: units, months, operators.

Data only. A phrase is written as it reads after folding ("fler an en" for "fler än en").
"""

import re

#: Units of time and their length as (months, days).
UNIT_LENGTHS = {
    "DAY": (0, 1),
    "WEEK": (0, 7),
    "MONTH": (1, 0),
    "QUARTER": (3, 0),
    "TERTIAL": (4, 0),
    "HALFYEAR": (6, 0),
    "YEAR": (12, 0),
}


_UNIT_SPELLINGS = {
    "DAY": "dag dagar dagars dagarna dygn dygns kalenderdag kalenderdagar day days d dgr",
    "WORKDAY": "arbetsdag arbetsdagar vardag vardagar workday workdays",
    "WEEK": "vecka veckor veckors veckorna veckas kalenderveckor week weeks wks v vk vkr",
    "MONTH": """manad manader manaders manads manaderna kalendermanad kalendermanader mnd mnder
        month months mths mos mo manar mander manders mana manadar m""",
    "QUARTER": "kvartal kvartals kvartalen quarter quarters",
    "TERTIAL": "tertial tertialer tertials",
    "HALFYEAR": "halvar halvars",
    "YEAR": "ars aren kalenderar kalenderars avtalsar year years yr yrs",
    "FUZZY": "termin terminer termins lasar sasong sasonger semester semesters season seasons",
    "HOUR": "timme timmar tim timma hour hours h minut minuter minutes",
}


UNITS = {word: unit for unit, words in _UNIT_SPELLINGS.items() for word in words.split()}


#: "dagen", "i veckan": one definite unit is a rhythm or a point in time, never a length.
DEFINITE_UNITS = frozenset(["dagen", "veckan", "manaden", "kvartalet", "aret", "dygnet", "timmen"])


#: Unit stems inside a compound such as "fyramanadersuppdrag" or "tvaarigt".
COMPOUND_UNITS = (
    ("manad", "MONTH"),
    ("veck", "WEEK"),
    ("dagar", "DAY"),
    ("dags", "DAY"),
    ("kvartal", "QUARTER"),
    ("arig", "YEAR"),
    ("ars", "YEAR"),
    ("mansj", "WORKER"),
    ("mansl", "WORKER"),
    ("mansb", "WORKER"),
    ("mansu", "WORKER"),
    ("mansf", "WORKER"),
    ("mansteam", "WORKER"),
    ("manna", "WORKER"),
    ("persons", "WORKER"),
    ("personer", "WORKER"),
)


_MONTH_SPELLINGS = (
    "januari jan january", "februari feb february", "mars mar march", "april apr",
    "maj may", "juni jun june", "juli jul july", "augusti aug august",
    "september sep sept", "oktober okt october oct", "november nov", "december dec",
)  # fmt: skip


MONTHS = {
    word: number for number, words in enumerate(_MONTH_SPELLINGS, start=1) for word in words.split()
}


#: English month names let a day follow the month ("March 1").
ENGLISH_MONTHS = frozenset(
    [
        "january",
        "february",
        "march",
        "may",
        "june",
        "july",
        "august",
        "october",
        "april",
        "september",
        "november",
        "december",
    ]
)


ORDINALS = {
    "forsta": 1, "andra": 2, "tredje": 3, "fjarde": 4, "femte": 5, "sjatte": 6, "sjunde": 7,
    "attonde": 8, "nionde": 9, "tionde": 10, "elfte": 11, "tolfte": 12, "trettonde": 13,
    "fjortonde": 14, "femtonde": 15, "sextonde": 16, "sjuttonde": 17, "artonde": 18,
    "nittonde": 19, "tjugonde": 20, "tjugoforsta": 21, "tjugoandra": 22, "tjugotredje": 23,
    "tjugofjarde": 24, "tjugofemte": 25, "tjugosjatte": 26, "tjugosjunde": 27,
    "tjugoattonde": 28, "tjugonionde": 29, "trettionde": 30, "trettioforsta": 31,
    "first": 1, "second": 2, "third": 3, "fourth": 4,
}  # fmt: skip


#: What a comparison means for the number after it. CA about, DR a little over, KN a little under.
_OPERATOR_PHRASES = {
    "GE": """minst|inte kortare tid an|min|min .|atminstone|minimum|lagst|inte mindre an
        |inte farre an|inte kortare an|inte under|ej under|ej mindre an|ej farre an
        |ej kortare an|som minst|som kortast|at least|no less than|no fewer than|not less than
        |no shorter than|a minimum of|minimum of|aldrig mindre an|aldrig farre an|minst sagt
        |ett minimum pa|mer eller lika med|>=|≥|=>""",
    "GT": """langre tid an|mer tid an|mer an|mera an|fler an|flera an|langre an|storre an
        |mer an bara|fler an bara|over|mer an blott|more than|longer than|greater than
        |overstiger|exceeding|in excess of|>|inte bara|inte endast|inte enbart|not only|not just
        |inte blott""",
    "LE": """hogst|inte langre tid an|max|maximalt|maximum|som mest|som langst|langst
        |inte mer an|inte fler an|inte flera an|inte langre an|inte over|ej mer an|ej fler an
        |ej over|ej langre an|upp till|at most|no more than|not more than|no longer than
        |not longer than|up to|a maximum of|maximum of|aldrig mer an|aldrig fler an
        |aldrig langre an|allra hogst|<=|≤|inom|within""",
    "LT": """mindre an|farre an|kortare an|kortare tid an|mindre tid an|less than|fewer than
        |shorter than|understiger|<""",
    "CA": """cirka|circa|ca|c a|ungefar|omkring|runt|kring|approximately|approx|about|around
        |roughly|typ|uppskattningsvis|i storleksordningen|i princip|kanske|uppemot|upp emot
        |upp mot|~|≈|i snitt|i genomsnitt|i medeltal|on average|ungefarligen|sisadar|nagot som
        |i runda slangar|omkr|ungf|bortat|possibly|maybe|perhaps|eventuellt|mojligen|narmare""",
    "DR": """drygt|dryga|dryg|strax over|lite over|lite mer an|nagot mer an|nagot langre an
        |just over|lite langre an|gott och val|en bit over|precis over|a little over
        |slightly more than|slightly over|en aning mer an|aningen mer an|strax mer an""",
    "KN": """knappt|knappa|knapp|nastan|strax under|lite under|lite mindre an|nagot mindre an
        |just under|nagot kortare an|lite kortare an|inte ens|inte riktigt|almost|nearly|barely
        |not even|a little under|a little less than|slightly less than|precis under|inte fullt""",
    "EQ": """bara|endast|enbart|blott|exakt|precis|only|just|exactly|jamnt|totalt|sammanlagt
        |sammantaget|in total|tillsammans""",
}  # fmt: skip


OPERATORS: dict[tuple[str, ...], str] = {
    tuple(phrase.split()): operator
    for operator, phrases in _OPERATOR_PHRASES.items()
    for phrase in re.split(r"\s*\|\s*", phrases)
}


#: The same said after the number: "fyra manader eller mer", "tva personer minst".
_POSTFIX_PHRASES = {
    "GE": """eller mer|eller ett par|eller mera|eller fler|eller flera|eller langre|och uppat
        |och mer|och fler|or more|or longer|minst|at least|at minimum|som minst|atminstone
        |i alla fall minst|eller dar over""",
    "LE": """eller mindre|eller farre|eller kortare|or less|or fewer|or shorter|max|hogst
        |som mest|som langst|at most|maximalt|i max|eller dar under|tops""",
    "CA": "eller sa|ungefar|ca|cirka|or so|typ|ish|eller nagot sadant|kanske|pa ett CA",
}


POSTFIXES: dict[tuple[str, ...], str] = {
    tuple(phrase.split()): operator
    for operator, phrases in _POSTFIX_PHRASES.items()
    for phrase in re.split(r"\s*\|\s*", phrases)
}


#: "fordelat over tre manader" is a length, not a comparison.
SPREAD = frozenset(
    [
        "fordelat",
        "fordelade",
        "utspritt",
        "utspridda",
        "utspridd",
        "sig",
        "loper",
        "spanner",
        "pagar",
        "spread",
        "stretches",
        "extends",
        "strackt",
        "strackte",
    ]
)


MONEY = frozenset(
    [
        "kr",
        "kronor",
        "krona",
        "tkr",
        "mkr",
        "msek",
        "ksek",
        "sek",
        "tusen",
        "miljon",
        "miljoner",
        "miljard",
        "miljarder",
        "mn",
        "euro",
        "eur",
        "usd",
        "dollar",
        "lakh",
        "kkr",
        "mdkr",
        "spann",
        "tsek",
        "millions",
        "million",
        "thousand",
    ]
)


PIECE = frozenset(["st", "stycken", "styck", "stk"])


#: Words between a number and its noun that change nothing.
FILLERS = frozenset(
    [
        "hel",
        "helt",
        "hela",
        "full",
        "fullt",
        "fulla",
        "ytterligare",
        "extra",
        "whole",
        "additional",
        "more",
        "consecutive",
        "sammanhangande",
        "kalender",
        "calendar",
        "st",
        "stycken",
        "av",
        "ca",
        "nya",
        "egna",
        "olika",
        "enskilda",
        "ensam",
        "ensamma",
        "enda",
        "samtidiga",
        "fasta",
        "duktiga",
        "erfarna",
        "behoriga",
        "utbildade",
        "kvalificerade",
        "legitimerade",
        "certifierade",
        "single",
        "experienced",
        "skilled",
        "full-time",
        "part-time",
        "fulltime",
        "parttime",
        "parallella",
        "heltidsarbetande",
        "goda",
        "vanliga",
        "inhyrda",
    ]
)
