"""What a test from outside has to know: ids, sign-ins, passwords, tokens."""

import json
from typing import Any

from django.conf import settings
from knox.models import AuthToken

from accounts.models import Contact, Organisation, User
from escalation.models import Clock, Duty, Escalation, Firing, Notification
from servicedesk.demo.acceptance.people import DOMAIN, PASSWORD, PIN, TENANTS, TOKENS, Tenant
from servicedesk.demo.acceptance.tickets import title
from tickets.models import Attachment, Commitment, Interaction, Note, Suspension, Ticket, WorkItem

FILE = "acceptance_tokens.json"


def document() -> dict[str, Any]:
    """Return the whole document; JSON-able."""
    staff = User.objects.filter(email__endswith=f"@{DOMAIN}", kind="staff").order_by("pk")
    return {
        "password": PASSWORD,
        "staff": {u.email.partition("@")[0]: {"id": str(u.uuid), "email": u.email, "name": u.name} for u in staff},
        "tokens": tokens(),
        "organisations": {tenant.key: _organisation(tenant) for tenant in TENANTS},
    }


def tokens() -> dict[str, dict[str, Any]]:
    """Return the tokens; they are kept in a file of the data folder, as the database knows only their hashes."""
    path = settings.DATA_DIR / FILE
    known = json.loads(path.read_text()) if path.exists() else {}
    for name, (scopes, bound) in TOKENS.items():
        user = User.objects.get(email=f"token.{name}@{DOMAIN}")
        if name in known and AuthToken.objects.filter(user=user, token_key=known[name]["token"][:15]).exists():
            continue
        _row, token = AuthToken.objects.create(user=user)
        known[name] = {"token": token, "scopes": list(scopes), "organisation": bound or None}
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps(known))
    path.chmod(0o600)
    return known


def _organisation(tenant: Tenant) -> dict[str, Any]:
    row = Organisation.objects.get(account_number=tenant.account)
    contacts = Contact.objects.filter(organisation=row).order_by("pk")
    start = len(title(tenant, ""))
    mine = Ticket.objects.filter(organisation=row).order_by("pk")
    return {
        "id": str(row.uuid),
        "name": row.name,
        "account_number": row.account_number,
        "pin": PIN,
        "contacts": {
            c.name.split()[-1]: {
                "id": str(c.uuid), "email": c.email, "name": c.name, "authorities": sorted(c.authorities),
                "phone": next((p.number for p in c.phones.all()), ""), "active": c.active,
            }
            for c in contacts
        },
        "sites": [str(site.uuid) for site in row.sites.all()],
        "services": {service.service_id: str(service.uuid) for service in row.services.all()},
        "tickets": {t.title[start:]: t.number for t in mine},
        "objects": _objects(tenant),
    }  # fmt: skip


def _objects(tenant: Tenant) -> dict[str, str]:
    """Return the public id of one object of every kind, most of them of the ticket that has everything."""
    ticket = Ticket.objects.get(title=title(tenant, "everything"))
    closed = Ticket.objects.get(title=title(tenant, "closed"))
    escalation = Escalation.objects.get(ticket=ticket)
    of = {"ticket": ticket}
    found = {
        "ticket": ticket,
        "note_public": Note.objects.filter(public=True, **of).first(),
        "note_internal": Note.objects.filter(public=False, **of).first(),
        "attachment": Attachment.objects.get(**of),
        "work_item": WorkItem.objects.filter(source="plan", **of).first(),
        "commitment": Commitment.objects.filter(**of).first(),
        "interaction": Interaction.objects.filter(**of).first(),
        "suspension": Suspension.objects.get(**of),
        "escalation": escalation,
        "duty": Duty.objects.filter(escalation=escalation, confirmed_at=None).first(),
        "verification": ticket.verification,
        "survey": closed.surveys.get(),
        "notification": Notification.objects.filter(**of).first(),
        "clock": Clock.objects.filter(**of).first(),
        "firing": Firing.objects.filter(clock__ticket=ticket).first(),
    }
    return {kind: str(row.uuid) for kind, row in found.items()}
