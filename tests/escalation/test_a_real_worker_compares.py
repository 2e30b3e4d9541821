import pytest
from celery.contrib.testing.worker import start_worker
from django.db import connection

from escalation.commands.compare import request_comparison
from escalation.models import PolicyComparison, PolicyDraft
from escalation.seed import seed_policies
from escalation.shapes import fingerprint
from escalation.tasks import compare
from ledger import clock
from ledger.models import Entry
from servicedesk.celery import app
from tests.factories.cast import make_cast
from tests.factories.clocks import MINUTE, dispatched_ticket
from tests.factories.policies import drafted

pytestmark = pytest.mark.django_db(transaction=True)
KEY = "fault_handling"


def test_a_real_worker_works_out_a_comparison_that_was_told_twice_once(nine):
    cast = make_cast()
    seed_policies(at=nine)
    clock.set_demo(demo_now=nine)
    dispatched_ticket(cast, nine)
    clock.set_demo(demo_now=nine + 120 * MINUTE)
    draft = drafted(KEY, cast.cy_actor, nine + 60 * MINUTE, T_4={"offset_s": 3600})
    asked = request_comparison(key=KEY, version=draft.version, actor=cast.cy_actor, at=nine + 60 * MINUTE)
    queue = f"compare-test-{connection.settings_dict['NAME']}"

    with start_worker(app, pool="threads", concurrency=2, perform_ping_check=False, queues=[queue]):
        for _ in range(3):
            compare.apply_async(queue=queue)
        with connection.cursor() as cursor:
            for _ in range(400):
                cursor.execute("SELECT bool_and(state = 'done'), pg_sleep(0.05) FROM esc_policy_comparison")
                if cursor.fetchone()[0]:
                    break

    made, draft = PolicyComparison.objects.get(pk=asked.pk), PolicyDraft.objects.get()
    assert (made.state, made.attempts, made.done, made.total) == ("done", 1, 1, 1)
    assert (draft.compared_sha, draft.compared_by) == (fingerprint(draft.shape), cast.cy)
    assert draft.comparison["cases"] == 1 and draft.comparison["moved"] == 1
    assert Entry.objects.filter(name="policy.compared").count() == 1
