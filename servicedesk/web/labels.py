"""What a clock of the queue is called: the policy's own words for a rule's code."""

from django.core.cache import cache
from django.utils.translation import gettext

from escalation.models import Rule

KEEP_SECONDS = 60


def rule_labels() -> dict[str, str]:
    """Return label by code ("T-1" → "Sign for"), the newest version in the reader's language. 1 query a minute."""
    found = cache.get("desk-rule-labels")
    if not found:
        found = dict(Rule.objects.order_by("version_id").values_list("code", "label"))
        cache.set("desk-rule-labels", found, KEEP_SECONDS)
    return {code: gettext(label) for code, label in found.items()}
