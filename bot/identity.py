"""Who somebody is across channels, and whether they may file reports there.

A platform's identity is (issuer, subject): the channel with its tenant, and the platform's stable
id. Teams and Slack vouch for members of their tenant; a Telegram id proves nothing about who
holds it, so it must be linked to a person first.
"""

from __future__ import annotations

from dataclasses import replace

from bot.messages import ConversationKey, Envelope
from bot.policy import ROLES, Actor, granted, merged
from bot.settings import Settings
from storage.people import Person, first_id
from storage.store import Store

#: Platforms whose ids are those of a known member of the organisation.
VOUCHED_FOR = {"teams", "slack"}
#: Ways to log in that tell who somebody is.
LOGINS = {"oidc", "proxy"}


def identified(envelope: Envelope, person: Person | None, settings: Settings) -> Envelope:
    """The envelope with the person's id and whether they may file reports.

    A guest is nobody known, whoever once linked them, and has drafts in common with nobody.
    """
    if envelope.outsider:
        return replace(envelope, identity="", may_report=False)
    known = person if person and is_known(person, settings) else None
    allowed = may_report(envelope.key.channel, settings, linked=known is not None)
    return replace(
        envelope,
        identity=identity_of(envelope.key, known),
        may_report=envelope.may_report and allowed,
    )


def actor_of(store: Store, settings: Settings, issuer: str, subject: str) -> Actor:
    """What the person behind an identity may do, wherever they are met.

    Their own roles are those of the settings and those told at their latest login. ``issuer`` is
    ``ConversationKey.issuer``, such as "slack:T1"; somebody unknown may do nothing.
    """
    person = store.people.find(issuer, subject)
    identity = person.id if person else first_id(issuer, subject)
    linked = person.identities if person else ((issuer, subject),)
    names = {name for each in linked for name in settings.roles.get(_name(*each), ())}
    told = granted(names, person.organisation if person else "")
    return merged(Actor(identity, *told), _at_login(store, identity))


def _name(issuer: str, subject: str) -> str:
    """The identity as the settings write it: "slack:T1:U1", "proxy:anna"."""
    return f"{issuer.rstrip(':')}:{subject}"


def _at_login(store: Store, person: str) -> Actor:
    grant = store.grants.find(person)
    if grant is None:
        return Actor(person)
    # A role of an older release means nothing any longer.
    return Actor(person, frozenset(role for role in ROLES if role in grant.roles), grant.units)


def vouches(channel: str, settings: Settings) -> bool:
    """Does the channel tell who somebody is, so that codes may be given out there?"""
    return channel in VOUCHED_FOR | LOGINS or (channel == "web" and settings.web_is_trusted)


def is_known(person: Person, settings: Settings) -> bool:
    """Does one of the person's channels vouch for them?"""
    return any(vouches(issuer.partition(":")[0], settings) for issuer, _ in person.identities)


def identity_of(key: ConversationKey, person: Person | None) -> str:
    """Whoever a platform vouches for has the same drafts in all its rooms, linked or not."""
    if person is not None:
        return person.id
    return first_id(key.issuer, key.person) if key.channel in VOUCHED_FOR else ""


def linking_helps(channel: str, settings: Settings) -> bool:
    """Would the channel take reports if only it were known who somebody is?"""
    return channel not in VOUCHED_FOR and may_report(channel, settings, linked=True)


def may_report(channel: str, settings: Settings, *, linked: bool) -> bool:
    """May somebody the channel lets in file reports there? A guest never gets this far."""
    match channel:
        case "web":
            return settings.web_is_trusted or linked
        case "teams":
            return settings.teams_reports
        case "slack":
            return settings.slack_reports
        case "telegram":
            return settings.telegram_reports and linked
    return True
