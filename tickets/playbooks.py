"""The shipped playbooks (V-09 to V-12, C-27). Data; an administrator edits a copy as a new version."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Step:
    """One step. `due_minutes` counts from triage, None = no deadline."""

    title: str
    due_minutes: int | None = None
    mandatory: bool = False
    public: bool = False


PLAYBOOKS: dict[str, tuple[str, str, list[Step]]] = {
    "interruption": ("Interruption", "network_interruption", [
        Step("Call the user: power, cabling and equipment at the user's end ruled out", 10),
        Step("Loop test run; the loop point is recorded", 20),
        Step("Access room checked before any visit"),
        Step("If unclear: the upper duty desk loops at the border port"),
        Step("Route traced even where circuit records are missing"),
        Step("Loose port or worn fibre found: a prevention item is opened"),
        Step("Service tested with the user", public=True),
    ]),
    "degradation": ("Loss, delay, errors", "network_degradation", [
        Step("Line alarms queried for the reported time", 15),
        Step("Past alarm: an engineer goes to the user's end and excludes our side"),
        Step("No alarm: reported so, return asked for, the upper duty desk confirms"),
        Step("Optical power and loss measured segment by segment"),
        Step("User equipment, rate limit, exit congestion and mismatch of the far end checked"),
        Step("Agreed with the user that tests go on", public=True),
    ]),
    "cloud": ("Cloud and data centre", "cloud", [
        Step("Service type and status stated", 15),
        Step("Access, performance or capacity: which one it is"),
        Step("Cloud team engaged and coordinated"),
        Step("Customer updated", public=True),
    ]),
    "security": ("Security incident", "security", [
        Step("Severity assessed", 15, mandatory=True),
        Step("Immediate safeguards taken", 30),
        Step("Security team engaged"),
        Step("Every action documented"),
        Step("Incident report written", mandatory=True),
    ]),
    "billing": ("Billing", "billing", [
        Step("Invoice and period named"),
        Step("Disputed amount stated"),
        Step("Billing team engaged"),
        Step("Outcome explained to the customer", public=True),
    ]),
    "new-service": ("New service", "new_service", [
        Step("Current infrastructure recorded"),
        Step("Business objectives recorded"),
        Step("Technical requirements recorded"),
        Step("Timeline recorded"),
        Step("Technical consultation arranged", public=True),
    ]),
}  # fmt: skip
