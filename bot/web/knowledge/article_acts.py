"""What an approver does to a text that is live or was: approve, take out, go back."""

from __future__ import annotations

from bot.app import App
from bot.channels.cleaning import clean
from bot.guidance.publishing import NoReason, NothingToDo, approve, retire, roll_back
from bot.web.console import Visit
from bot.web.incoming import Refused

#: Digits of a version's number.
LONGEST = 9


def act_on(app: App, visit: Visit) -> str:
    """Does what the pressed button says; the name of a refusal, or nothing."""
    document_id, sent = visit.request.path_params["id"], visit.sent
    reason = clean(sent.get("reason", "")).strip()
    version = sent.get("version", "")
    number = int(version) if version.isdecimal() and len(version) < LONGEST else 0
    try:
        match sent.get("act", ""):
            case "approve":
                approve(app, visit.actor, document_id, reason, number)
            case "retire":
                retire(app, visit.actor, document_id, reason)
            case "rollback":
                roll_back(app, visit.actor, document_id, reason, number)
            case _:
                raise Refused(400, "incomplete")
    except NoReason:
        return "reason"
    except NothingToDo:
        return "nothing"
    return ""
