"""Is this caller who they say? The only way a Verification of a caller comes to be (P-02, V-02, V-04; decisions 16).

A pass needs the company's name, its account number, an active contact of an active organisation who holds the
needed authority, and one proof the server compared. Three failures per contact lock the knowledge proofs (PIN,
question) for 15 minutes, other proofs and other contacts stay open; five per agent lock the agent's verifying.
"""

from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from accounts.caller_secrets import questions_for, set_answer, set_pin
from accounts.codes import chain_of, interaction_of, send_code
from accounts.counters import clear, count_failure, hold, is_locked, locked_until
from accounts.models import Contact, FailureCounter, Organisation, Verification
from accounts.proofs import GUESSABLE, KNOWLEDGE, METHODS, Proof, compare_company, proven, spend_call_back
from ledger.actor import Actor
from ledger.errors import Refused
from ledger.record import record

__all__ = ["Proof", "attempt", "locked_until", "questions_for", "send_code", "set_answer", "set_pin", "why"]

WHY = {
    "locked": _("Too many wrong proofs. Use a call-back to a stored number, or wait 15 minutes."),
    "agent": _("Your verifying is locked after five failures. Your supervisor has been told."),
    "contact": _("This is not an active contact."),
    "organisation": _("This organisation is suspended or no longer a customer."),
    "company": _("The company name does not match."),
    "account": _("The account number does not match."),
    "authority": _("This contact may not ask for that. Ask for a contact who may."),
    "proof": _("The proof does not match."),
}


def attempt(
    *,
    interaction_id: int,
    ticket_id: int | None,
    contact_id: int,
    company: str,
    account_number: str,
    authority: str,
    proof: Proof,
    actor: Actor,
    at: datetime,
) -> Verification:
    """Compare what the caller said and write down the outcome: passed, failed or locked. Never raises for a failure.

    authority  what the caller wants to do: report, change, approve or escalate.
    A pass marks the interaction verified with contact and organisation. `why(row)` says what did not match.

    A guessable proof (PIN, question, code) runs in a transaction of its own that must be the outermost, so that no
    later refusal can roll the failure count back: call it outside `atomic`, else RuntimeError.
    Raises Refused for shape only: unknown_proof, unknown_authority, unknown_interaction, unknown_ticket.
    """
    if proof.method not in METHODS:
        raise Refused("unknown_proof", _("Choose a proof."), field="proof")
    if authority not in Contact.AUTHORITIES:
        raise Refused("unknown_authority", _("Choose what the caller wants to do."), field="authority")
    with transaction.atomic(durable=proof.method in GUESSABLE):
        interaction = interaction_of(interaction_id, actor)
        contact = Contact.objects.visible_to(actor).select_related("organisation").filter(pk=contact_id).first()
        row = Verification(
            interaction=interaction,
            ticket=_ticket(ticket_id, actor),
            contact=contact,
            organisation=contact.organisation if contact else None,
            proof=proof.method,
            by_id=actor.user_id if actor.is_staff else None,
            at=at,
        )
        return _judge(row, company, account_number, authority, proof, actor)


def why(row: Verification) -> Any:
    """Return the sentence for the agent: what did not match; an empty text for a pass. Lazy."""
    if row.outcome == "passed":
        return ""
    if row.outcome == "locked":
        return WHY["agent" if row.checks.get("locked") == "agent" else "locked"]
    wrong = [name for name in ("contact", "organisation", "company", "account", "authority") if not row.checks[name]]
    return WHY[wrong[0] if wrong else "proof"]


def _judge(
    row: Verification, company: str, account_number: str, authority: str, proof: Proof, actor: Actor
) -> Verification:
    """Fill in checks and outcome under the counters' locks (contact before agent), save, count, record."""
    mine = hold("contact", row.contact_id) if row.contact_id and proof.method in GUESSABLE else None
    agent = hold("agent", row.by_id) if row.by_id else None
    agent_locked = is_locked(agent, row.at)
    if agent_locked or (proof.method in KNOWLEDGE and is_locked(mine, row.at)):
        row.outcome, row.checks = "locked", {"locked": "agent" if agent_locked else "contact"}
        row.save()
        _record("verification.denied", row, actor, lock=row.checks["locked"])
        return row
    row.checks = _checks(row.contact, company, account_number, authority)
    proved = proven(proof, row.contact, row.interaction, actor, row.at)
    row.outcome = "passed" if proved and all(row.checks.values()) else "failed"
    row.save()
    if row.outcome == "passed":
        if proof.method == "callback":
            spend_call_back(row.interaction, proof.outbound_interaction_id, row.contact)
        _pass(row, mine, actor)
    else:
        _fail(row, mine, agent, actor, counts=not (proved and row.checks["company"] and row.checks["account"]))
    return row


def _ticket(ticket_id: int | None, actor: Actor) -> Any:
    if ticket_id is None:
        return None
    model: Any = Verification._meta.get_field("ticket").related_model
    found = model.objects.visible_to(actor).filter(pk=ticket_id).first()
    if found is None:
        raise Refused("unknown_ticket", _("We do not know that ticket. Check its number."))
    return found


def _checks(contact: Contact | None, company: str, account_number: str, authority: str) -> dict[str, bool]:
    organisation = contact.organisation if contact else None
    name, number = compare_company(organisation, company, account_number)
    return {
        "company": name,
        "account": number,
        "contact": contact is not None and contact.active and contact.erased_at is None,
        "organisation": organisation is not None and organisation.status == Organisation.Status.ACTIVE,
        "authority": contact is not None and authority in contact.authorities,
    }


def _pass(row: Verification, counter: FailureCounter | None, actor: Actor) -> None:
    clear(counter)
    model: Any = type(row.interaction)
    model.objects.filter(pk=row.interaction_id).update(
        verified=True, contact=row.contact, organisation=row.organisation
    )
    _record("verification.passed", row, actor)


def _fail(
    row: Verification, contact: FailureCounter | None, agent: FailureCounter | None, actor: Actor, *, counts: bool
) -> None:
    _record("verification.failed", row, actor)
    if not counts:
        return
    if count_failure(contact, row.at):
        _record("verification.locked", row, actor)
    if count_failure(agent, row.at):
        record("verification.agent_locked", chain=f"staff:{actor.ref}", actor=actor, at=row.at, agent=actor.ref)


def _record(name: str, row: Verification, actor: Actor, **data: Any) -> None:
    chain = chain_of(row.interaction, row.ticket)
    if row.contact is not None:
        data["contact"] = str(row.contact.uuid)
    about = row.ticket or row.interaction
    record(name, chain=chain, actor=actor, at=row.at, about=about, proof=row.proof, verification=str(row.uuid), **data)
