"""Replies the mail server hands in, parsed and checked by it: SPF, DKIM and DMARC are its word, under its signature."""

from typing import Any

from escalation.commands.answers import take_reply
from escalation.replies import Check, Reply
from ledger.clock import now


def on_event(event: dict[str, Any]) -> str:
    """Take one verified message and return what it did, as `take_reply` does; "malformed" for another shape.

    {"message_id", "from": [addresses], "in_reply_to", "references": [ids], "headers": {name: value}, "text",
    "envelope_from", "authentication": [{"method", "domain", "result"}]}
    """
    try:
        reply = _parsed(event)
    except (TypeError, KeyError, AttributeError):
        return "malformed"
    return take_reply(reply=reply, at=now())


def _parsed(event: dict[str, Any]) -> Reply:
    envelope = event.get("envelope_from")
    return Reply(
        message_id=str(event["message_id"]),
        senders=tuple(str(address) for address in event["from"]),
        references=(str(event.get("in_reply_to") or ""), *(str(one) for one in event.get("references") or [])),
        text=str(event.get("text") or ""),
        headers={str(name).lower(): str(value) for name, value in (event.get("headers") or {}).items()},
        checks=tuple(
            Check(method=str(one["method"]), domain=str(one["domain"]), passed=one["result"] == "pass")
            for one in event.get("authentication") or []
        ),
        envelope_from=str(envelope) if envelope is not None else None,
    )
