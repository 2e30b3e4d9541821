"""What people are told of a policy that waits for its second reader."""

from django.conf import settings
from django.utils.translation import gettext_lazy

from accounts.models import User
from channels.outbound.letter import Draft
from channels.topics.about import as_uuid, fact, of_user, said
from escalation.models import PolicyReading
from ledger.models import OutboxMessage

ASKED = "policy.reading_asked"


def reading(message: OutboxMessage) -> list[Draft]:
    """The question to who is asked, the answer to who asked; nobody where the question was taken back meanwhile."""
    rows = PolicyReading.objects.select_related("policy", "reader", "asked_by", "answered_by")
    one = rows.filter(uuid=as_uuid(fact(message, "reading"))).first()
    name = message.entry.name if message.entry else ""
    if one is None or (name == ASKED and one.state != PolicyReading.State.ASKED):
        return []
    receiver: User | None = one.reader if name == ASKED else one.asked_by
    to = of_user(receiver)
    if to is None or receiver is None or receiver.kind != User.Kind.STAFF:
        return []
    url = f"{settings.BASE_URL}/supervisor/policies/{one.policy.key}/"
    asked = {"action_url": f"{url}comparison/", "action": gettext_lazy("Read what it changes")}
    answered = {"action_url": url, "action": gettext_lazy("Open the draft")}
    context = {
        "fact": name, "policy": one.policy.name, "asker": one.asked_by.name if one.asked_by else "",
        "reader": one.answered_by.name if one.answered_by else one.reader.name, "word": said(message, "word"),
    }  # fmt: skip
    return [Draft(to, "policy_reading", {**context, **(asked if name == ASKED else answered)})]
