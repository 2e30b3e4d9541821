"""What goes out: one letter or one chat line to one receiver, rendered in the receiver's language and zone."""

import re
import uuid
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from django.conf import settings
from django.template.loader import render_to_string, select_template
from django.utils import timezone, translation
from django.utils.translation import gettext as _


@dataclass(frozen=True, slots=True)
class Receiver:
    """Whoever reads: an address, a name ("" unknown), a language and a time zone."""

    address: str
    name: str = ""
    language: str = "en"
    zone: str = "UTC"


@dataclass(frozen=True, slots=True)
class Paper:
    """A file that goes along with a letter."""

    name: str
    body: bytes
    kind: str


@dataclass(frozen=True, slots=True)
class Letter:
    """One e-mail to one receiver. `message_id` is the same at every try."""

    to: Receiver
    subject: str
    text: str
    html: str
    message_id: str
    references: str = ""
    papers: tuple[Paper, ...] = ()


@dataclass(frozen=True, slots=True)
class ChatLine:
    """One chat message to one hook."""

    url: str
    title: str
    body: str
    message_id: str


@dataclass(frozen=True, slots=True)
class Text:
    """One SMS or one spoken call to one number. `confirm_key` = the digit a call asks for, "" for none."""

    channel: str
    to: Receiver
    body: str
    message_id: str
    confirm_key: str = ""

    @property
    def reference(self) -> str:
        """The row's own uuid: idempotency key, and what receipts come back under."""
        return reference_of(self.message_id)


@dataclass(frozen=True, slots=True)
class HookCall:
    """One notice to one webhook, signed with `secret`."""

    url: str
    secret: str
    payload: Mapping[str, Any]
    message_id: str

    @property
    def reference(self) -> str:
        """The row's own uuid, `webhook-id`."""
        return reference_of(self.message_id)


@dataclass(frozen=True, slots=True)
class Draft:
    """What a topic wants said to one receiver, not rendered yet. `chat_url` set = by chat instead of e-mail.

    way  "sms" or "voice": said to the number that is the receiver's address; "webhook": posted to `chat_url`, signed
         with `secret`; "" = a letter or a chat line.
    papers  files of a letter; a restricted ticket's letter goes without.
    """

    to: Receiver
    template: str
    context: Mapping[str, Any] = field(default_factory=dict)
    ticket: Any = None
    chat_url: str = ""
    way: str = ""
    secret: str = ""
    papers: tuple[Paper, ...] = ()

    @property
    def key(self) -> str:
        """What tells this receiver from the others of the same message."""
        return self.chat_url or self.to.address.lower()


def message_id(row: uuid.UUID, key: str = "") -> str:
    """Return the stable Message-ID of a row for one receiver: "<uuid@domain>"; with `key`, a uuid derived from both."""
    ident = uuid.uuid5(row, key) if key else row
    return f"<{ident}@{settings.DEFAULT_FROM_EMAIL.rpartition('@')[2].strip('> ')}>"


def reference_of(ident: str) -> str:
    """Return the uuid in a Message-ID made by `message_id`."""
    return ident.strip("<>").partition("@")[0]


def render(draft: Draft, ident: str) -> Letter | ChatLine | Text | HookCall:
    """Render a draft. A restricted ticket's message says number, due time and where to read, whatever the topic."""
    template = draft.template
    if draft.ticket is not None and draft.ticket.restricted:
        template = "restricted"
    to = draft.to
    context = {
        "operator": settings.OPERATOR_NAME,
        "phone": settings.OPERATOR_PHONE,
        "base_url": settings.BASE_URL,
        "to": to,
        "ticket": draft.ticket,
        "zone": to.zone,
        "due_at": getattr(draft.ticket, "next_due_at", None),
        **draft.context,
    }
    with translation.override(_language(to.language)), timezone.override(to.zone or "UTC"):
        subject = " ".join(_plain(f"email/{template}.subject", context).split())[:180]
        text = _text(template, context)
        if draft.way in {"sms", "voice"}:
            return _short(draft, text if template == "digest" else subject, context, ident)
        words = text if not context.get("action_url") else _text(template, {**context, "action_url": ""})
        page = select_template([f"email/{template}.html", "email/_letter.html"])
        html = page.render({**context, "subject": subject, "text": words.strip(), "language": _language(to.language)})
    if draft.way == "webhook":
        return HookCall(url=draft.chat_url, secret=draft.secret, payload=_payload(draft, subject), message_id=ident)
    if draft.chat_url:
        return ChatLine(url=draft.chat_url, title=subject, body=text, message_id=ident)
    references = message_id(draft.ticket.uuid) if draft.ticket is not None else ""
    papers = draft.papers if template == draft.template else ()
    return Letter(to=to, subject=subject, text=text, html=html, message_id=ident, references=references, papers=papers)


CONFIRM_KEY = "1"


def _short(draft: Draft, said: str, context: Mapping[str, Any], ident: str) -> Text:
    """Return what fits a text message or is spoken: the subject, then the link or the key to press.

    A digest is told whole: it lists every firing and has its link already.
    """
    asks = bool(context.get("confirm"))
    if draft.way == "voice":
        key = CONFIRM_KEY if asks else ""
        spoken = _("Press %(key)s to confirm that you know.") % {"key": key} if asks else ""
        return Text(draft.way, draft.to, f"{said}. {spoken}".strip(), ident, key)
    link = str(context.get("action_url") or "")
    body = said.strip() if link in said else f"{said}\n{link}"
    return Text(draft.way, draft.to, body, ident)


def _payload(draft: Draft, subject: str) -> dict[str, Any]:
    """Return what a webhook is told; of a restricted ticket number and due time alone (decisions 10)."""
    due_at, ticket = draft.context.get("due_at"), draft.ticket
    restricted = ticket is not None and ticket.restricted
    data = {
        "ticket": ticket.number if ticket is not None else None,
        "due_at": due_at.isoformat() if due_at else None,
        "summary": "" if restricted else subject,
        "priority": "" if restricted or ticket is None else ticket.priority,
        "rule": draft.context.get("code", "") if not restricted else "",
        "url": str(draft.context.get("action_url") or ""),
        "confirm": bool(draft.context.get("confirm")),
    }
    return {"type": f"desk.{draft.template}", "data": data}


def _text(template: str, context: Mapping[str, Any]) -> str:
    """Return the words of a letter, paragraphs one empty line apart. The HTML page has the action as a link instead."""
    return re.sub(r"\n{3,}", "\n\n", _plain(f"email/{template}.txt", context)).strip() + "\n"


def _plain(name: str, context: Mapping[str, Any]) -> str:
    return "".join([*render_to_string(name, dict(context))])  # a plain str, so that the HTML page escapes it


def _language(code: str) -> str:
    known = {name.lower() for name, _title in settings.LANGUAGES}
    return code.lower() if code.lower() in known else settings.LANGUAGE_CODE
