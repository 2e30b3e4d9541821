"""What runs over what: services and everything below them in the graph of `Service.upstream` (A-10)."""

from collections.abc import Iterable

from django.db import connection

DEEPEST = 32

_BELOW = """
WITH RECURSIVE below AS (
  SELECT id, 0 AS depth FROM catalogue_service WHERE id = ANY(%(roots)s)
  UNION
  SELECT s.id, below.depth + 1 FROM catalogue_service s JOIN below ON s.upstream_id = below.id
  WHERE below.depth < %(deepest)s
)
SELECT id, min(depth) FROM below GROUP BY id
"""


def downstream(service_ids: Iterable[int]) -> dict[int, int]:
    """Return every service that runs over one of these, with its distance; 0 = the service itself. 1 query.

    A circle in the graph ends at 32 steps. Knows no actor: whoever shows it filters by what the reader may learn of.
    """
    roots = sorted(set(service_ids))
    if not roots:
        return {}
    with connection.cursor() as cursor:
        cursor.execute(_BELOW, {"roots": roots, "deepest": DEEPEST})
        return dict(cursor.fetchall())
