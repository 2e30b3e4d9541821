"""What the engine's proof rests on (Proof 3.1, "Mutation check"), and how each is taken away."""

from tests.mutations.mutation import Mutation

ENGINE = "tests/escalation"
ORDERS = (
    f"{ENGINE}/interleavings/test_two_transactions_in_any_order.py"
    "::test_a_firing_and_what_it_meets_come_to_the_same_in_any_order_of_their_locks"
)
FROZEN = (
    f"{ENGINE}/interleavings/test_an_engine_that_fails_with_rows_in_its_hands.py"
    "::test_a_frozen_engine_holds_nobody_for_more_than_two_seconds"
)
ONCE = f"{ENGINE}/test_firing_once.py"
PAGES = "tests/channels/test_pages_reach_somebody.py"

ENGINE_MUTATIONS = [
    Mutation(
        what="a firing looks whether the timer is armed (`state = 'armed'`)",
        test=f"{ONCE}::test_an_engine_passes_over_a_timer_that_is_being_stopped_and_never_fires_it",
        file="escalation/claim.py",
        old="WHERE state = 'armed' AND wake_at <=",
        new="WHERE wake_at <=",
    ),
    Mutation(
        what="a claim locks its rows (FOR UPDATE SKIP LOCKED)",
        test=ORDERS,
        file="escalation/claim.py",
        old="LIMIT %(limit)s FOR UPDATE SKIP LOCKED",
        new="LIMIT %(limit)s /* FOR UPDATE SKIP LOCKED: still counted as a lock point */",
    ),
    Mutation(
        what="UNIQUE on firing",
        test=f"{ONCE}::test_the_database_refuses_a_second_firing_of_an_occurrence",
        sql="ALTER TABLE esc_firing DROP CONSTRAINT firing_once",
        undo="ALTER TABLE esc_firing ADD CONSTRAINT firing_once UNIQUE (clock_id, rule_code, occurrence)",
    ),
    Mutation(
        what="clocks are locked NO KEY (`no_key`)",
        test=ORDERS,
        file="escalation/locks.py",
        old='rows = Clock.objects.filter(**conditions).select_for_update(no_key=True, of=("self",))',
        new='rows = Clock.objects.filter(**conditions).select_for_update(of=("self",))',
    ),
    Mutation(
        what="the claim is worked out once (MATERIALIZED, joined; not `id IN (…)`)",
        test=f"{ENGINE}/test_a_claim_keeps_to_its_limit.py"
        "::test_whatever_plan_the_database_takes_an_engine_claims_no_more_than_its_limit",
        file="escalation/claim.py",
        old=""" AS now), due AS MATERIALIZED (
  SELECT id FROM esc_timer WHERE state = 'armed' AND wake_at <= (SELECT now FROM clock)
  ORDER BY wake_at, id LIMIT %(limit)s FOR UPDATE SKIP LOCKED
)
UPDATE esc_timer t SET state = 'fired' FROM due WHERE t.id = due.id
""",
        new=""" AS now)
UPDATE esc_timer t SET state = 'fired' WHERE t.id IN (
  SELECT id FROM esc_timer WHERE state = 'armed' AND wake_at <= (SELECT now FROM clock)
  ORDER BY wake_at, id LIMIT %(limit)s FOR UPDATE SKIP LOCKED
)
""",
    ),
    Mutation(
        what="only the holder of a lease settles (`lease_token`)",
        test=f"{PAGES}::test_a_sender_whose_lease_was_taken_over_settles_nothing",
        file="channels/leases.py",
        old="filter(pk=notification.pk, lease_token=token, state=",
        new="filter(pk=notification.pk, state=",
    ),
    Mutation(
        what="the engine's idle timeout",
        test=FROZEN,
        file="escalation/claim.py",
        old="SET LOCAL idle_in_transaction_session_timeout = '2s'; ",
        new="",
    ),
    Mutation(
        what="a command looks again when a firing has armed a next occurrence meanwhile",
        test=f"{ONCE}::test_a_firing_that_arms_the_next_occurrence_leaves_none_behind_on_a_stopped_clock",
        file="escalation/locks.py",
        old="if found and len(found) == found[0].counted or not found and empty:",
        new="if True:",
    ),
    Mutation(
        what="what was due when a clock stopped stays a breach",
        test=f"{ONCE}::test_what_was_due_but_not_fired_at_the_stop_stays_a_breach_and_pages_nobody",
        file="escalation/timers.py",
        old="        if is_overdue(timer, at):\n            timer.state",
        new="        if False:\n            timer.state",
    ),
    Mutation(
        what="a batch that raises is halved",
        test=f"{ENGINE}/test_poison_and_outage.py::test_a_timer_that_raises_is_put_back_alone_and_the_others_fire",
        file="escalation/commands/fire.py",
        old="if len(claimed) > 1:",
        new="if False:",
    ),
    Mutation(
        what="a page of a stopped clock is not sent (I7)",
        test=f"{PAGES}::test_a_page_of_a_stopped_clock_is_never_tried",
        file="channels/leases.py",
        old="return firing.clock.state == Clock.State.STOPPED",
        new="return False",
    ),
    Mutation(
        what="severity 1 is never held by bundling",
        test="tests/channels/test_pages_come_in_bundles.py::test_severity_one_is_never_held",
        file="channels/bundles.py",
        old="and notification.severity > 1 and",
        new="and",
    ),
    Mutation(
        what="firings are sealed into the ledger, and their marks taken away (T8)",
        test=f"{ENGINE}/test_telling_and_sealing.py::test_two_drivers_sealing_at_once_write_each_entry_once",
        file="escalation/commands/seal.py",
        old="    Unsealed.objects.filter(firing__in=firings).delete()\n",
        new="",
    ),
]
