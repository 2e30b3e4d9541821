"""Planned work at any step, made by the commands themselves."""

from datetime import datetime, timedelta

from accounts.models import Organisation
from catalogue.models import Service
from ledger.actor import Actor
from tests.factories.cast import Cast, staff
from tickets.commands import maintenance_approve, maintenance_notice, maintenance_plan, maintenance_run
from tickets.models import Maintenance

HOUR = timedelta(hours=1)
AHEAD = timedelta(days=14, hours=5)  # Monday 29 June 2026, 14:00 UTC: midnight in Melbourne, 14:00 in London


class Windows:
    """`to(state)` returns planned work in that state; people who decide are distinct from Bo, who plans."""

    def __init__(self, cast: Cast, at: datetime) -> None:
        self.cast, self.at = cast, at
        Organisation.objects.filter(pk=cast.other.pk).update(time_zone="Australia/Perth")
        cast.other_service.upstream = cast.service
        cast.other_service.save()
        self.tess = staff("tess@desk.example", "Tess Byrne", "supervisor", "approver_monitoring")

    def plan(self, **changed) -> maintenance_plan.Plan:
        said = {
            "title": "Replace line card", "words": "We replace a part of our core in Docklands.",
            "starts_at": self.at + AHEAD, "ends_at": self.at + AHEAD + 2 * HOUR, "time_zone": "Australia/Melbourne",
            "service_ids": [self.cast.service.pk], "down_minutes": 8, "way_back": "The old card, ten minutes",
        }  # fmt: skip
        return maintenance_plan.Plan(**(said | changed))

    def draft(self, actor: Actor | None = None, **changed) -> Maintenance:
        return maintenance_plan.plan_maintenance(
            plan=self.plan(**changed), actor=actor or self.cast.bo_actor, at=self.at
        )

    def requested(self, **changed) -> Maintenance:
        made = self.draft(**changed)
        return maintenance_approve.request_maintenance(maintenance_id=made.pk, actor=self.cast.bo_actor, at=self.at)

    def decide(self, window: Maintenance, function: str, actor: Actor, *, approved: bool = True, **more) -> Maintenance:
        return maintenance_approve.decide_maintenance(
            maintenance_id=window.pk, function=function, approved=approved, actor=actor, at=self.at, **more
        )

    def approvers(self) -> dict[str, Actor]:
        from accounts.actors import actor_for

        return {"technical": actor_for(self.tess), "key_customers": self.cast.cy_actor, "cutover": self.cast.mo_actor,
                "international": actor_for(self.cast.people["deputy_gm"])}  # fmt: skip

    def approved(self, **changed) -> Maintenance:
        window, approvers = self.requested(**changed), self.approvers()
        for function in window.needed:
            window = self.decide(window, function, approvers[function])
        return window

    def noticed(self, **changed) -> Maintenance:
        made = self.approved(**changed)
        return maintenance_notice.send_notices(maintenance_id=made.pk, actor=self.cast.bo_actor, at=self.at)

    def running(self, **changed) -> Maintenance:
        made = self.noticed(**changed)
        return maintenance_run.start_maintenance(maintenance_id=made.pk, actor=self.cast.bo_actor, at=made.starts_at)

    def third(self) -> Service:
        """A third customer's service that runs over nothing of the others."""
        customer = Organisation.objects.create(
            name="Sable Point Mining", account_number="A-300301", service_category="enterprise", region="au",
            time_zone="Australia/Perth", created_at=self.at,
        )  # fmt: skip
        return Service.objects.create(service_id="EPL-91006", organisation=customer, type="network", name="Line")
