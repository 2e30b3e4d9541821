"""Loads the acceptance world once."""

from datetime import datetime, timedelta

from django.contrib.auth.hashers import make_password
from django.db import transaction
from django.test.utils import override_settings

from accounts.models import Organisation
from escalation.seed import seed_policies
from ledger.actor import SYSTEM
from ledger.models import Entry
from ledger.record import record
from servicedesk.demo import director
from servicedesk.demo.acceptance import people, tickets
from servicedesk.demo.desk import Desk
from servicedesk.demo.world import settle_old_mail
from tickets.models import Ticket
from tickets.seed import seed_configuration

CHAIN = "demo:acceptance"


def build(at: datetime) -> bool:
    """Load what is missing as of `at`; return False if all of it was there."""
    if Entry.objects.filter(chain=CHAIN, name="acceptance.loaded").exists():
        return False
    if not Entry.objects.filter(chain=CHAIN, name="acceptance.peopled").exists():
        _people(at)
    organisations = {t.key: Organisation.objects.get(account_number=t.account) for t in people.TENANTS}
    desk = Desk(at, organisations, dict.fromkeys(organisations, people.PIN))
    told = set(Ticket.objects.values_list("title", flat=True))
    with override_settings(LEDGER_WIRING="servicedesk.demo.quiet"):
        wanted = [script for t in people.TENANTS for script in tickets.scripts(desk, t, told)]
        director.perform(wanted, until=at, engine_id="acceptance")
    with transaction.atomic():
        settle_old_mail(at)
        record("acceptance.loaded", chain=CHAIN, actor=SYSTEM, at=at)
    return True


@transaction.atomic
def _people(at: datetime) -> None:
    seed_configuration()
    seed_policies(at=at - timedelta(days=1))
    password = make_password(people.PASSWORD)
    people.make_staff(password)
    organisations = {tenant.key: people.make_tenant(tenant, password, at) for tenant in people.TENANTS}
    people.make_integrations(organisations)
    record("acceptance.peopled", chain=CHAIN, actor=SYSTEM, at=at)
