"""How a caller proves who they are, act by act. Each takes the room; a failed proof is an answer, not an error.

A call-back is three acts: the stored number is called, it is answered or not, and only an answer is a proof.
"""

from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _

from accounts.verification import Proof, send_code
from ledger.errors import Refused
from servicedesk.desk.room import Room
from tickets.commands.interaction import answer_interaction, end_interaction, start_interaction
from tickets.commands.question import draw_question
from tickets.commands.verify import attempt_verification
from tickets.models import Interaction


def check(room: Room) -> None:
    """Compare what the caller said; a failure is an answer and stays on record."""
    if room.contact is None:
        raise Refused("no_contact", _("Find the caller in the list first."), "find")
    method = room.data.get("method") or "pin"
    question = room.question if method == "question" else None
    proof = Proof(method=method, value=room.data.get("proof", ""), question_id=question.uuid if question else None)
    _attempt(room, proof)


def dial(room: Room) -> None:
    """Call a stored number; whether it was answered is recorded next."""
    phone = next((p for p in room.phones if str(p.uuid) == room.data.get("dial")), None)
    if phone is None:
        raise Refused("unknown_number", _("Choose one of the stored numbers."), "method")
    if room.ringing is not None:
        no_answer(room)
    start_interaction(
        channel="call", direction="out", caller_number=phone.number, called_queue="", started_at=room.at,
        agent_id=room.actor.user_id, actor=room.actor, at=room.at,
    )  # fmt: skip


def answered(room: Room) -> None:
    """The one called picked up: that is the proof."""
    call = _ringing(room)
    answer_interaction(interaction_id=call.pk, actor=room.actor, at=room.at)
    end_interaction(interaction_id=call.pk, disposition="reached", actor=room.actor, at=room.at)
    _attempt(room, Proof(method="callback", outbound_interaction_id=call.pk))


def no_answer(room: Room) -> None:
    """Nobody picked up; it proves nothing and stays on record."""
    call = _ringing(room)
    end_interaction(interaction_id=call.pk, disposition="not_reached", actor=room.actor, at=room.at)
    room.said = _t("No answer. Call another stored number, or use another proof.")


def code(room: Room) -> None:
    """Send a one-time code to the registered address, or by text message to the stored number chosen."""
    if room.contact is None:
        raise Refused("no_contact", _("Find the caller in the list first."), "find")
    phone = next((p for p in room.phones if str(p.uuid) == room.data.get("text_to")), None)
    send_code(
        interaction_id=room.interaction.pk, contact_id=room.contact.pk, phone_id=phone.uuid if phone else None,
        actor=room.actor, at=room.at,
    )  # fmt: skip
    room.said = _t("A code is on its way to the registered address or number. It holds ten minutes.")


def call_back(room: Room) -> None:
    """Turn to the proof that stays open when others are locked."""
    room.data["method"] = "callback"


def ask(room: Room) -> None:
    """Have the server draw a security question; it stays the same for this call."""
    if room.contact is None:
        raise Refused("no_contact", _("Find the caller in the list first."), "find")
    draw_question(interaction_id=room.interaction.pk, contact_id=room.contact.pk, actor=room.actor, at=room.at)


def _ringing(room: Room) -> Interaction:
    if room.ringing is None:
        raise Refused("not_ringing", _("This call is not ringing any more. Call again."), "method")
    return room.ringing


def _attempt(room: Room, proof: Proof) -> None:
    if room.contact is None:
        raise Refused("no_contact", _("Find the caller in the list first."), "find")
    attempt_verification(
        interaction_id=room.interaction.pk, contact_id=room.contact.pk,
        company=room.data.get("caller_organisation", ""),
        account_number=room.data.get("account_number", ""), proof=proof, actor=room.actor, at=room.at,
    )  # fmt: skip
