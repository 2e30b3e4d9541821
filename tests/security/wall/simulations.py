"""A simulation over A's ticket for the wall: nobody's but its requester's."""

from datetime import datetime

from accounts.models import User
from escalation.models import Policy, Simulation
from escalation.simulator.compare import Comparison


def plant_simulation(requester: User, words: str, number: str, at: datetime) -> str:
    """Return its public id. words: stand in what it found."""
    one = {"case": number, "note": words, "link": "", "added": [["T-4", 1, at.isoformat()]], "removed": [],
           "moved": [], "before": [], "after": [7200], "over_s": 60, "more": 0}  # fmt: skip
    made = Simulation.objects.create(
        policy=Policy.objects.get(key="fault_handling"), old_name="1", new_name="1", new_shape={"rules": []},
        source={"ticket": number, "from": at.isoformat(), "to": at.isoformat()}, requested_by=requester,
        requested_at=at, state="done", done=1, found=Comparison().as_dict() | {"differences": [one]},
    )  # fmt: skip
    return str(made.uuid)
