"""Slack's signatures: the raw bytes, just now, with one of two secrets."""

from __future__ import annotations

import pytest

from bot.channels.connections import Unsigned
from bot.channels.slack.webhook import SignatureCheck
from tests.slack_server import SECRET, signed


@pytest.mark.parametrize(
    "changed",
    [
        {"X-Slack-Signature": "v0=00"}, {"X-Slack-Signature": ""}, {"X-Slack-Signature": "å"},
        {"X-Slack-Request-Timestamp": ""}, {"X-Slack-Request-Timestamp": "１７"},
        {"X-Slack-Request-Timestamp": "1e9"}, {"X-Slack-Request-Timestamp": "9" * 5000},
    ],
)  # fmt: skip
def test_an_unsigned_request_is_not_read(changed: dict[str, str]) -> None:
    body = b'{"type":"url_verification","challenge":"x"}'
    headers = {name.lower(): value for name, value in {**signed(body), **changed}.items()}
    with pytest.raises(Unsigned):
        SignatureCheck(SECRET).check(headers, body)


def test_old_requests_and_other_secrets_are_not_read_and_two_secrets_are_while_rotating() -> None:
    body = b"{}"
    check_two = SignatureCheck(f"ny, {SECRET}", now=lambda: 1_700_000_300)
    for stamp, good in (("1700000000", True), ("1699999999", False), ("1700000601", False)):
        for secret in (SECRET, "ny", "annan"):
            made = signed(body, secret=secret, stamp=stamp)
            headers = {name.lower(): value for name, value in made.items()}
            if good and secret != "annan":
                check_two.check(headers, body)
            else:
                with pytest.raises(Unsigned):
                    check_two.check(headers, body)
