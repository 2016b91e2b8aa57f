"""Words around a length of time that say what it is a length of.

Data only; folded.
"""

import re

#: Words around a length of time that say it is not the time of performance.
TENDER_WORDS = re.compile(
    r"""anbudstid[a-z]*|anbudsfrist[a-z]*|anbudsperiod[a-z]*|annonser[a-z]*|annonstid[a-z]*
|upphandlingstid[a-z]*|upphandlingsprocess[a-z]*|upphandlingsarbetet|utvardering[a-z]*
|utvarderas|anbudsutvardering[a-z]*|tendering|advertised?|advertising|upphandlingsfas[a-z]*
|annons(?:en|er)?|anbudsinlamning[a-z]*|utlyst|utlysning[a-z]*|avtalssparr[a-z]*|overprovning[a-z]*
|forberedelse[a-z]*|standstill""".replace("\n", "")
)


#: Steps of the tendering that have a day ("anbud senast 1 mars").
TENDER_STEPS = re.compile(
    r"anbud|anbuden|anbudsdag[a-z]*|beslut[a-z]*|tilldel[a-z]*|publicer[a-z]*|upphandlas|tender[a-z]*"
)
OPTION_WORDS = re.compile(
    r"""option[a-z]*|optioner|forlang[a-z]*|forlanga[a-z]*|forlangning[a-z]*|extension[a-z]*
|extend[a-z]*|prolong[a-z]*""".replace("\n", "")
)


OTHER_TIME_LEFT = re.compile(
    r"""garanti[a-z]*|uppsagning[a-z]*|erfarenhet[a-z]*|alder[a-z]*|betalning[a-z]*|betalas
|faktur[a-z]*|leveranstid[a-z]*|svarstid[a-z]*|senaste|forra|tidigare|guarantee|warranty|notice
|fyllt|installelsetid|karens[a-z]*|bindningstid|sparas|lagras|arkiveras|gallras|bevaras
|preskription[a-z]*|provanstallning[a-z]*|aldrar|arskurs|aldre|yngre""".replace("\n", "")
)


OTHER_TIME_RIGHT = re.compile(
    r"""garanti[a-z]*|uppsagning[a-z]*|[a-z]*erfarenhet[a-z]*|gammal|gamla|gammalt|netto|sedan|ago
|experience|warranty|notice|fyllda|leveranstid[a-z]*|svarstid[a-z]*|betalningstid|fangelse|old
|hogskoleutbildning|yrkesvana|bindningstid|provanstallning[a-z]*|karens[a-z]*|alder
|preskriptionstid""".replace("\n", "")
)


PLACEMENT_WORDS = re.compile(
    r"(?![a-z]*(?:krav|villkor))"
    r"(?:praktik|larling|trainee|arbetstran|anstallning|visstid|sommarjobb|placement|internship)"
    r"[a-z]*"
)


INTERRUPTION_WORDS = re.compile(
    r"""[a-z]*uppehall[a-z]*|avbrott[a-z]*|[a-z]*stopp(?:et)?|semester[a-z]*|paus[a-z]*|stangt
|stangd|ledigt|break|pause|interruption|shutdown|sommarledigt|industrisemester""".replace("\n", "")
)


CALL_OFF_WORDS = re.compile(r"avrop[a-z]*|call-? ?offs?")


FRAMEWORK_WORDS = re.compile(r"ramavtal[a-z]*|ramkontrakt[a-z]*|ramar|framework[a-z]*")
