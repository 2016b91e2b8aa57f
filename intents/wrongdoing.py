"""Recognise hints of bribery and other crime: they belong in the whistleblowing channel.

Nothing of such a message is stored, so the words are few and plain: a false alarm costs the person
one rewording, a miss stores what nobody should have written here.
"""

import re

from intents.language import fold

_WRONGDOING = re.compile(
    r"\b(?:mut(?:a|ad|ade|at|ar|or|brott\w*|an|orna)|mutan|bestick\w*|bestuck\w*|korrupt\w*|"
    r"forskingr\w*|bedrageri\w*|jav|javig\w*|svarta pengar|svartjobb\w*|pengar under bordet|"
    r"kickback\w*|brib\w+|corrupt\w*|fraud\w*|embezzl\w*|under the table|"
    r"otillborlig\w* forman\w*|kartell\w*|oegentlig\w*|missforhalland\w*)\b"
)


def is_wrongdoing(text: str) -> bool:
    """Does a text speak of bribery, fraud or the like?"""
    return bool(_WRONGDOING.search(fold(text[:20_000])))
