"""Whose a report is: the person's who sent it, in every channel they have linked."""

from __future__ import annotations

from bot.messages import ConversationKey
from storage.model import Case
from storage.people import People

#: (start, end) of the conversation keys of one identity, whatever room and thread.
Ends = tuple[str, str]


def own_keys(people: People, asked_by: str) -> tuple[Ends, ...]:
    """The keys a person has sent reports under, from the one they ask with."""
    key = ConversationKey.parse(asked_by)
    person = people.find(key.issuer, key.person)
    linked = person.identities if person else ()
    return tuple(ends_of(*each) for each in {(key.issuer, key.person), *linked})


def is_own(case: Case, people: People, asked_by: str) -> bool:
    """Did the person who asks send this?"""
    return any(
        case.submitted_by.startswith(start) and case.submitted_by.endswith(end)
        for start, end in own_keys(people, asked_by)
    )


def ends_of(issuer: str, subject: str) -> Ends:
    """What the keys of all conversations of an identity begin and end with."""
    channel, _, tenant = issuer.partition(":")
    start = str(ConversationKey(channel, tenant, "", "", "")).removesuffix("||")
    return start, str(ConversationKey("", "", "", "", subject)).removeprefix("|||")
