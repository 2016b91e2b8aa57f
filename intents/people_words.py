"""What people who work are called, folded: trades, trainees, shares of full time.

Data only.
"""

import re

_PERSON = r"""[a-z]*person(?:er|erna|en|ers)?|pers|prs
|[a-z]*personal(?:en)?|arbetstagar(?:e|en|na)s?
|[a-z]*arbetar(?:e|en|na)|[a-z]*anstalld[ae]?|medarbetar(?:e|en|na)|mannar|manskap|huvuden
|[a-z]*(?:gubb(?:e|ar|arna)|grabbar|tjejer|killar|snubbar|karl(?:ar|arna)?)|kvinnor|man|kolleg(?:a|er|or)|[a-z]*resurs(?:er)?|folk
|ppl|worker|workers|people|persons?|staff|employees?|men|women|heads|hands|guys|headcount
|[a-z]*(?<!t)arbetande|[a-z]*deltidare|[a-z]*heltidare|[a-z]*halvtidare|[a-z]*vikarie(?:r)?|ansatt(?:a|e)?
|(?:besiktnings|brand|timmer|tjanste|hjalp|kontroll|fack|drifts|service|mobel)man(?:nen)?"""


_TRADE = r"""[a-z]*(?:konsult(?:er|en|erna)?|arkitekt(?:er|en)?|ingenjor(?:er|en)?|kock(?:ar|en)?
|tolk(?:ar|en)?|chauffor(?:er|en)?|montor(?:er|en)?|inspektor(?:er)?|frisor(?:er)?|servitor(?:er)?
|assistent(?:er)?|operator(?:er)?|vakt(?:er|en)?|bitrad(?:e|en)|chef(?:er|en)?|agronom(?:er)?
|specialist(?:er|en)?|expert(?:er|en)?|terapeut(?:er)?|(?:psyk|arke|ge|bi|ek|soci)olog(?:er)?
|(?:reception|maskin|telefon|journal|jur|flor|special|lok|bar)ist(?:er|en)?|skotersk(?:a|or)
|[a-z]*(?:al|sl|on|an|en|nt|rt|yl)ist(?:er|en)?|(?:tekn|mekan|elektr|akadem|mus|grafi|informati)iker(?:na|n)?|pedagog(?:er|en)?|strateg(?:er|en)?
|controller(?:s)?|koordinator(?:er)?|instruktor(?:er)?|revisor(?:er)?|redaktor(?:er)?|bonder
|dekorator(?:er)?|coacher|coach|vardinn(?:a|or)|[a-z]vardar|stadersk(?:a|or)|barnmorsk(?:a|or)
|fotograf(?:er)?|smed(?:er)?|jurist(?:er)?|ekonom(?:er)?|socionom(?:er)?|analytiker|designer(?:s)?
|kurator(?:er)?|lots(?:ar)?|pilot(?:er)?|guider|kirurg(?:er)?|logoped(?:er)?|kemist(?:er)?
|(?:snick|mal|stad|vard|led|lar|hantverk|mur|sot|svets|lagg|puts|skot|mast)arna)"""


_ENGLISH_TRADE = r"""consultants?|cleaners?|painters?|guards?|drivers?|carpenters?|electricians?
|engineers?|developers?|cooks?|chefs|plumbers?|nurses?|gardeners?|technicians?|labou?rers?
|builders?|craftsmen|teachers?|interpreters?|architects?|part[- ]?timers?|full[- ]?timers?|managers?
|welders?|installers?|caretakers?|janitors?|analysts?|operators?|bricklayers?|roofers?
|landscapers?|translators?|lawyers?|doctors?|assistants?|coaches|trainers?|movers?|testers?
|programmers?|specialists?|experts?|accountants?|receptionists?|hires|freelancers?|advisors?"""


WORKER = re.compile(f"(?:{_PERSON}|{_TRADE}|{_ENGLISH_TRADE})".replace("\n", ""))


#: An English trade may have any word before it ("two security guards").
ENGLISH_WORKER = re.compile(f"(?:{_ENGLISH_TRADE}|workers?)".replace("\n", ""))


#: Any other word that ends like someone who does something ("plattsattare", "kranforare").
AGENT = re.compile(r"[a-zåäö]{3,}are|[a-zåäö]{3,}ör(?:er|erna)?")


#: They end like that too, but do not do the work that is bought.
_OTHER_PEOPLE = r"""[a-z]*(?:leverantor|givare|deltagare|brukare|invanare|besokare|kopare|bestallare
|upphandlare|fastighetsagare|anvandare|mottagare|entreprenor|(?<!red)aktor|utforare|utovare
|bidragstagare|stodtagare|sokare|vinnare|medborgare|innehavare|tillverkare|partner|hyresvard)
(?:e|en|na|er|erna)?"""


_THINGS = r"""[a-z]*(?:skrivare|hammare|behallare|hogtalare|dammsugare|kylare|raknare|hallare
|varmare|bildskarmare|kompressor|laddare|plogare)(?:n|na)?|kortlasare|lasare|are|fyllare|pelare
|agare
|(?:dat|mot|trakt|sens|fakt|kont|fluss|tum|hum|bef|rapp|exp|imp|transp|sp)or(?:er)?"""


_COMPARATIVES = r"""[a-z]*(?:igare|vidare|senare|lagre)|snabbare|friskare|kortare|enklare|svarare
|klarare|dyrare|sakrare|finare
|ljusare|morkare|lattare|starkare|svagare
|bredare|smalare|nyare|renare|mjukare|hardare|tuffare|fastare|friare|effektivare|bekvamare
|langsammare|omfattande|snallare|storre|narmare|tidigare|glesare|tatare|djupare|rakare|ytterligare"""


NO_WORKER = re.compile(f"(?:{_OTHER_PEOPLE}|{_THINGS}|{_COMPARATIVES})".replace("\n", ""))


#: Places the clause makes; they are not what the assignment itself needs.
TRAINEE = re.compile(
    r"""[a-z]*praktikant(?:er|en)?|[a-z]*larling(?:ar|en|ars)?|trainee(?:s|er|r)?|prao[a-z]*
|[a-z]*praktikplats(?:er)?|[a-z]*larlingsplats(?:er)?|traineeplats(?:er)?|arbetstranande
|arbetstraningsplats(?:er)?|sommarjobbare|feriearbetare|apprentices?|interns?|internships?
|arbetsprovande|larlingsanstallda|sprakpraktikanter""".replace("\n", "")
)


#: Nouns that count full-time work, not heads, with the share one of them stands for.
_FULL_TIME = r"""heltid(?:er|ar)?|heltidstjanst(?:er)?|helatjanst(?:er)?|arsarbetar(?:e|na)
|helarsarbetare|arsarbetskraft(?:er)?|arsverke(?:n)?|heltidsekvivalent(?:er)?|fte|ftes
|full[- ]?time|aa|manar|helarstjanst(?:er)?|heltidsresurs(?:er)?"""


FULL_TIME = re.compile(_FULL_TIME.replace("\n", ""))


POST = re.compile(r"(?:procents?)?tjanst(?:er)?|posts?|positions?|befattning(?:ar)?")


HALF_TIME = re.compile(r"halvtid(?:er|ar)?|halvtidstjanst(?:er)?|half[- ]?time(?:rs?)?")


PART_TIME = re.compile(r"deltid(?:er|ar)?|deltidstjanst(?:er)?|part[- ]?time|deltidsanstallningar")


#: Working time said about a person: "tva pa halvtid", "deltidsanstalld".
PART_TIME_PREFIX = re.compile(r"(?:halvtid|deltid)s?[a-z]+")
