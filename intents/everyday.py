"""Short everyday answers: yes, no, do not know, skip and the like, in both languages."""

from intents.language import fold


def _phrases(text: str) -> frozenset[str]:
    """Split at bars and new lines; phrases are kept folded."""
    lines = text.replace("\n", "|").split("|")
    return frozenset(fold(phrase) for phrase in lines if phrase.strip())


YES = _phrases("""ja|japp|jadå|jo|jodå|absolut|ok|okej|precis|stämmer|det stämmer|ja tack|visst
    javisst|självklart|det gör vi|det gjorde vi|jajamensan|ja det stämmer|yes|yep|yeah|sure
    correct|right|yes please|that's right|of course""")
NO = _phrases("""nej|nej tack|nä|nää|nope|no|inte|fel|stämmer inte|det stämmer inte|no thanks|wrong
    inte alls|nix|not at all""")
#: A whole answer, never a part of one.
UNKNOWN = _phrases("""vet inte|vet ej|vet icke|jag vet inte|jag vet ej|det vet jag inte|vi vet inte
    ingen aning|oklart|osäker|inte säker|okänt|minns inte|kommer inte ihåg|vet inte än
    vet inte ännu|ingen som vet|unknown|don't know|dont know|i don't know|i dont know|not sure
    no idea|unsure|we don't know|?""")
SKIP = _phrases("""hoppa över|hoppa|nästa|skippa|nej|nej tack|inget|ingen|inga|-|inget svar
    lämna tomt|finns inte|har inget|har ingen|saknas|skip|none|no|next|no thanks|nothing""")
SAVE = _phrases("spara|svar|spara som svar|det är mitt svar|save|answer|save as answer")
QUESTION = _phrases("""fråga|svara|svara på frågan|en fråga|det var en fråga|question
    answer the question|a question|it was a question""")
STOP = _phrases("avbryt|släng|ta bort|kasta|cancel|discard|delete")
LATER = _phrases("""senare|spara till senare|fortsätt senare|spara utkastet|later|keep
    save for later""")
SEND = _phrases(
    "skicka|skicka in|skicka den|skicka det|skicka in den|skicka in det|ja skicka|ja skicka in"
    "|bekräfta|send|send it|submit|submit it|yes send|confirm"
)

#: No everyday answer is longer.
_LONGEST = 200


def plain(text: str) -> str:
    """Return a short text folded and without closing punctuation."""
    return fold(text[:_LONGEST]).strip(" .!,")


def is_yes(text: str) -> bool:
    """Is the text a plain yes?"""
    return plain(text) in YES


def is_no(text: str) -> bool:
    """Is the text a plain no?"""
    return plain(text) in NO
