"""Mail about signing in, identity and the ledger: account mail, codes, notices of attempts and locks, the anchor."""

from datetime import timedelta

from django.conf import settings
from django.utils.translation import gettext_lazy

from accounts.codes import LIFETIME, blank, open_code
from accounts.models import Contact, ContactMethod, RoleGrant
from channels.addresses import of_method
from channels.outbound.letter import Draft, Receiver
from channels.sealed import Box
from channels.topics.about import as_uuid, fact, of_contact, of_user, ticket_of
from escalation.models import Alarm
from ledger.clock import now, real_now
from ledger.models import OutboxMessage

ATTEMPTS = frozenset({"failed", "locked"})


def account(message: OutboxMessage) -> list[Draft]:
    """What the sign-in pages wrote (reset links, changed addresses), sealed in the payload. Nothing once blanked."""
    held = message.payload
    words = {"words": held.get("subject", ""), "body": Box("account").open(held.get("sealed", ""))}
    return [Draft(Receiver(held["to"]), "account", words)] if held.get("to") and words["body"] else []


def blank_account(message: OutboxMessage) -> None:
    """A reset link is kept nowhere but in the mail."""
    rest = {key: value for key, value in message.payload.items() if key != "sealed"}
    OutboxMessage.objects.filter(pk=message.pk).update(payload=rest)


def code(message: OutboxMessage) -> list[Draft]:
    """The six digits, to the registered address or number only (V-04). Nothing once they are blanked or expired."""
    if message.entry is not None and message.entry.at + LIFETIME <= now():
        return []
    digits = open_code(message.payload)
    contact = Contact.objects.filter(uuid=as_uuid(message.payload.get("contact"))).first()
    if message.payload.get("phone"):
        to = _number_of(contact, message.payload["phone"])
        return [Draft(to, "code_text", {"code": digits}, way="sms")] if to and digits else []
    to = of_contact(contact)
    return [Draft(to, "code", {"code": digits})] if to and digits else []


def _number_of(contact: Contact | None, phone: str) -> Receiver | None:
    """A stored number of an active contact, by its public id."""
    found = (
        contact.phones.filter(uuid=as_uuid(phone)).first()
        if contact and contact.active and not contact.erased_at
        else None
    )
    return Receiver(found.number, contact.name, contact.language) if contact and found else None


def blank_code(message: OutboxMessage) -> None:
    """The digits are kept nowhere but in the mail."""
    blank(message.pk)


def alarm(message: OutboxMessage) -> list[Draft]:
    """What only an operator can mend: to `DESK_OPERATOR_EMAIL`, else to administrators and the break-glass list."""
    found = Alarm.objects.filter(uuid=as_uuid(fact(message, "alarm"))).first()
    if found is None or found.settled_at is not None:
        return []
    words = {
        "what": found.get_kind_display(), "detail": found.detail, "raised_at": found.raised_at,
        "action_url": f"{settings.BASE_URL}/supervisor/engine/", "action": gettext_lazy("Open the engine's page"),
    }  # fmt: skip
    grants = RoleGrant.objects.filter(role="administrator").select_related("user")
    staff = [to for to in (of_user(grant.user) for grant in grants) if to]
    named = [Receiver(to) for to in settings.OPERATOR_EMAILS]
    return [Draft(to, "alarm", words) for to in named or [*staff, *map(Receiver, settings.BREAK_GLASS)]]


def attempt_notice(message: OutboxMessage) -> list[Draft]:
    """Somebody tried to act in a customer's name: its contacts hear of it, one notice an hour (domain.md, `reject`)."""
    ticket = ticket_of(message)
    if ticket is None or ticket.organisation_id is None or fact(message, "reason") not in ATTEMPTS:
        return []
    recent = OutboxMessage.objects.filter(
        topic="mail.attempt_notice", state="sent", due_at__gt=real_now() - timedelta(hours=1),
        tries__outcome="sent", tries__recipient__in=_addresses(ticket.organisation_id),
    )  # fmt: skip
    if recent.exclude(pk=message.pk).exists():
        return []
    able = Contact.objects.filter(organisation_id=ticket.organisation_id, active=True, may_report=True)
    receivers = [of_contact(contact) for contact in able.select_related("organisation")]
    return [Draft(to, "attempt_notice", {"at": message.entry.at}) for to in receivers if to and message.entry]


def _addresses(organisation_id: int) -> list[str]:
    found = Contact.objects.filter(organisation_id=organisation_id).exclude(email="").values_list("email", flat=True)
    return [address.lower() for address in found]


def lock_notice(message: OutboxMessage) -> list[Draft]:
    """Proofs are locked after failures: supervisors hear of it (decisions 15)."""
    ticket = ticket_of(message)
    grants = RoleGrant.objects.filter(role__in=["supervisor", "security_lead"]).select_related("user")
    receivers = {to.address: to for to in (of_user(grant.user) for grant in grants) if to}
    context = {
        "number": ticket.number if ticket else "", "at": message.entry.at if message.entry else None,
        "action_url": f"{settings.BASE_URL}/supervisor/locks/", "action": gettext_lazy("See the locks"),
    }  # fmt: skip
    return [Draft(to, "lock_notice", context) for to in receivers.values()]


def anchor(message: OutboxMessage) -> list[Draft]:
    """The daily anchor of the ledger, mailed so that it stands outside the database (decisions 9)."""
    grants = RoleGrant.objects.filter(role__in=["administrator", "security_lead"]).select_related("user")
    receivers = {to.address: to for to in (of_user(grant.user) for grant in grants) if to}
    return [
        Draft(to, "anchor", {"date": message.payload.get("at", "")[:10], **message.payload})
        for to in receivers.values()
    ]


def way_test(message: OutboxMessage) -> list[Draft]:
    """A test of one way to one of ours, with the code that proves it arrived. Nothing once it is blanked."""
    way = ContactMethod.objects.filter(uuid=as_uuid(message.payload.get("way"))).select_related("user").first()
    digits = open_code(message.payload)
    if way is None or digits is None or not way.user.is_active:
        return []
    target = of_method(way)
    context = {"code": " ".join(digits) if way.channel == "voice" else digits}
    return [Draft(target.to, "way_test", context, None, target.url, target.way, target.secret)]


def way_tested(message: OutboxMessage, drafts: list[Draft]) -> None:
    """The provider took the test."""
    result = "sent" if drafts else "failed"
    ContactMethod.objects.filter(uuid=as_uuid(message.payload.get("way"))).update(test_result=result)


def way_test_failed(message: OutboxMessage, error: str) -> None:
    """The provider did not take the test; the person reads why."""
    ways = ContactMethod.objects.filter(uuid=as_uuid(message.payload.get("way")))
    ways.update(test_result="failed", test_error=error[:300])


def blank_way_test(message: OutboxMessage) -> None:
    """The code is kept nowhere but in the message."""
    OutboxMessage.objects.filter(pk=message.pk).update(payload={"way": message.payload.get("way")})
