"""Begin a policy that was not there: empty, or a copy of another. No clock starts by it before it is published."""

import re
import unicodedata
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.db import IntegrityError, transaction
from django.utils.translation import gettext_lazy as _

from escalation.commands.draft import require_editor
from escalation.ladder_words import STARTS_ON
from escalation.models import Policy, PolicyDraft
from escalation.shapes import Shape, fingerprint, normal, shape_of
from ledger.actor import Actor
from ledger.errors import Refused
from ledger.record import record

KEY = re.compile(r"^[a-z][a-z0-9_]{1,39}$")
TAKEN_WORDS = frozenset({"new"})
STARTED = (
    Policy.Subject.TICKET, Policy.Subject.ESCALATION, Policy.Subject.INTERACTION, Policy.Subject.COMMITMENT,
    Policy.Subject.WORK_ITEM, Policy.Subject.HANDOVER, Policy.Subject.MAJOR_INCIDENT,
)  # fmt: skip


@transaction.atomic
def create_policy(
    *, name: str, actor: Actor, at: datetime, key: str = "", subject: str = "",
    conditions: Mapping[str, Any] | None = None, copy_of: str = "",
) -> PolicyDraft:  # fmt: skip
    """Create a policy with an open draft, and return the draft.

    key         what its clocks are called by, for ever; "" = made of the name.
    subject     what its clocks run on; "" with `copy_of`. Only what the desk starts clocks on.
    conditions  whom it applies to, as in a version; of a copy they replace the copied ones where given.
    copy_of     key of the policy whose draft, else latest version, it begins with; "" = no rules yet.

    Raises Refused: not_allowed, name_missing, name_taken, bad_key, key_taken, unknown_policy, unknown_subject,
    other_subject, no_start.
    """
    require_editor(actor)
    name = name.strip()
    source = _copied(copy_of) if copy_of else None
    kind = _subject(subject, source)
    policy = _row(_key(key.strip(), name), name, kind)
    said = dict(source["conditions"] if source and conditions is None else conditions or {})
    if kind == Policy.Subject.TICKET and said.get("starts_on") not in STARTS_ON:
        raise Refused("no_start", _("Say which event starts the clock."), field="starts_on")
    base: Mapping[str, Any] = source or {"on_entitlement_calendar": [], "rules": []}
    shape = normal({**base, "key": policy.key, "name": policy.name, "subject": kind, "conditions": said})
    draft = PolicyDraft.objects.create(
        policy=policy, shape=shape, begun_by_id=actor.user_id, begun_at=at, saved_by_id=actor.user_id, saved_at=at,
        writers=[actor.user_id] if actor.user_id else [],
    )  # fmt: skip
    record(
        "policy.created", chain=f"policy:{policy.key}", actor=actor, at=at, subject=kind, draft=str(draft.uuid),
        sha256=fingerprint(shape), rules=len(shape["rules"]), copy_of=copy_of, texts={"name": policy.name},
    )  # fmt: skip
    return draft


def _copied(key: str) -> Shape:
    policy = Policy.objects.select_related("current").filter(key=key, subject__in=STARTED).first()
    draft = PolicyDraft.objects.filter(policy=policy).first() if policy else None
    version = (policy.current or policy.versions.order_by("-n").first()) if policy else None
    if policy is not None and draft is not None:
        return draft.shape
    if policy is None or version is None:
        raise Refused("unknown_policy", _("Choose a policy from the list."), field="copy_of")
    return shape_of(version, policy)


def _subject(subject: str, source: Shape | None) -> str:
    if source is not None and subject in {"", source["subject"]}:
        return str(source["subject"])
    if source is not None:
        message = _("A copy runs on what the policy copied runs on. Leave this empty, or begin an empty policy.")
        raise Refused("other_subject", message, field="subject")
    if subject not in STARTED:
        raise Refused("unknown_subject", _("Choose what its clocks run on."), field="subject")
    return subject


def _key(key: str, name: str) -> str:
    if not name:
        raise Refused("name_missing", _("Give the policy a name."), field="name")
    plain = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode().lower()
    made = key or re.sub(r"[^a-z0-9]+", "_", plain).strip("_")[:40].rstrip("_")
    if not KEY.match(made) or made in TAKEN_WORDS:
        message = _("A key is 2 to 40 small letters, digits and underscores, a letter first: night_faults.")
        raise Refused("bad_key", message, field="key")
    return made


def _row(key: str, name: str, subject: str) -> Policy:
    if len(name) > 80:
        raise Refused("name_missing", _("A name has at most 80 characters."), field="name")
    if Policy.objects.filter(name__iexact=name).exists():
        raise Refused("name_taken", _("Another policy has this name. Choose one that tells them apart."), field="name")
    try:
        with transaction.atomic():
            return Policy.objects.create(key=key, name=name, subject=subject)
    except IntegrityError:
        raise Refused("key_taken", _("Another policy has this key. Choose another."), field="key") from None
