"""How long the model is run: 520 examples of 40 steps in all, the same each time; at night ten times as many, others
every night."""

import os

from hypothesis import HealthCheck, Phase, settings

NIGHTS = 10 if os.environ.get("DESK_NIGHTLY") else 1
QUICK = int(os.environ.get("DESK_MODEL_EXAMPLES", 0))  # at one's own desk: so many, and nothing is shortened


def examples(number: int) -> settings:
    """Return settings for so many examples of forty steps."""
    return settings(
        max_examples=QUICK or number * NIGHTS, derandomize=NIGHTS == 1 and not QUICK, stateful_step_count=40,
        deadline=None, database=None, report_multiple_bugs=False, suppress_health_check=list(HealthCheck),
        phases=[Phase.generate] if QUICK else [Phase.explicit, Phase.generate, Phase.shrink],
    )  # fmt: skip
