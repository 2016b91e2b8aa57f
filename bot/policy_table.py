"""The table of roles as people read it, made from the one in force."""

from __future__ import annotations

from collections.abc import Mapping

from bot.policy import ROLES, TABLE, Action

MEANS: Mapping[Action, str] = {
    "case.list": "see the queues: number, kind, organisation, state; no text",
    "case.read": "read what somebody reported, and its files; every read is logged",
    "case.take": "take a case, give it back, hand it to a colleague",
    "case.write": "answer, ask for more, note, close, reopen, publish an example",
    "case.register": "report for somebody who has mailed",
    "question.read": "see questions nobody has answered, votes and old answers",
    "question.answer": "answer them",
    "kb.read": "see the knowledge base and what grows old",
    "kb.draft": "write and import drafts and test questions",
    "kb.publish": "publish, retire, roll back",
    "settings.read": "see lists, rule values and settings",
    "settings.words": "change lists and wordings",
    "settings.decide": "change rule values and settings",
    "people.read": "see which organisation a person belongs to",
    "people.organise": "change it",
    "outbox.read": "see what could not be sent; no text",
    "outbox.resend": "send it again",
    "audit.read": "read and check the log; no text",
    "health.read": "see how the service is doing",
    "login.invite": "make a one-time link (only with every role)",
    "login.end": "see who is logged in, log anybody out",
    "login.own": "own login: signature, code for other channels, log out",
}


def table_of_roles() -> str:
    """Markdown: an action a row, a role a column."""
    head = ("May", *(f"`{role}`" for role in ROLES))
    rows = [head, ("---",) * len(head)]
    for action, roles in TABLE.items():
        marks = ("yes" if role in roles else "" for role in ROLES)
        rows.append((f"{MEANS[action]} (`{action}`)", *marks))
    return "\n".join(f"| {' | '.join(row)} |" for row in rows)
