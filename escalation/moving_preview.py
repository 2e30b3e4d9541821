"""What moving the running clocks of a policy would do, counted without changing anything."""

from datetime import datetime

from escalation.commands.migrate_policy import to_move
from escalation.models import Policy
from escalation.moving_batch import Preview, preview

TOGETHER = 200
MOST = 2_000


def preview_of(policy: Policy, *, at: datetime) -> Preview:
    """Return the counts for the policy's current version, of at most 2,000 clocks (`counted`), oldest first.

    `clocks` is how many there are in all. Cost: about 12 queries for each 200 clocks.
    """
    version = policy.current
    if version is None:
        raise ValueError("a retired policy has no version to move to")
    rows = to_move(version, policy.key).order_by("pk")
    told = Preview(to=version, clocks=rows.count())
    ids = list(rows.values_list("pk", flat=True)[:MOST])
    for first in range(0, len(ids), TOGETHER):
        preview(ids[first : first + TOGETHER], version, told, at=at)
    told.counted = len(ids)
    return told
