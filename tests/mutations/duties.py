"""What the contact duties and their delivery rest on, and how each is taken away."""

from tests.mutations.mutation import Mutation

ENGINE = "tests/escalation"
PAGES = "tests/channels/test_pages_reach_somebody.py"

DUTY_MUTATIONS = [
    Mutation(
        what="each silence takes the person's next way (X-04)",
        test=f"{ENGINE}/test_silence_is_answered_by_the_next_way.py::test_each_silence_takes_the_next_way",
        file="escalation/pages.py",
        old="turn = shot.occurrence if rule.max_occurrences else 1",
        new="turn = 1",
    ),
    Mutation(
        what="the deadline of the first contacts begins stage two by itself (X-07)",
        test=f"{ENGINE}/test_formal_begin_and_end.py"
        "::test_unresolved_the_ceo_is_informed_and_all_hear_every_thirty_minutes",
        file="escalation/firing.py",
        old="for armed in self.context.armed_by(subject.version_id, rule.code):",
        new="for armed in ():",
    ),
    Mutation(
        what="no acknowledgement silences the last rungs (X-07, C-23)",
        test=f"{ENGINE}/test_acknowledging_a_page.py"
        "::test_the_database_refuses_to_let_an_acknowledgement_silence_the_last_rungs",
        sql="ALTER TABLE esc_rule DROP CONSTRAINT rule_never_silenced",
        undo="ALTER TABLE esc_rule ADD CONSTRAINT rule_never_silenced"
        " CHECK (NOT (code::text = ANY ('{F-2,T-4,T-5}'::text[])) OR NOT silenced_by_ack)",
    ),
    Mutation(
        what="a page sent again bears the same key (I8)",
        test=f"{PAGES}::test_killed_between_sending_and_settling_it_goes_out_again_under_the_same_message_id",
        file="channels/pages.py",
        old="render(draft, message_id(notification.idem_key))",
        new="render(draft, message_id(token))",
    ),
    Mutation(
        what="a final failure passes to the next way, person and list",
        test=f"{PAGES}::test_a_final_failure_passes_to_the_next_channel_then_to_the_manager_then_to_break_glass",
        file="channels/pages.py",
        old="            fallbacks.pass_on(notification)\n",
        new="            pass\n",
    ),
    Mutation(
        what="a digest leaves out what stopped while it was held (I7)",
        test="tests/channels/test_pages_come_in_bundles.py::test_a_digest_leaves_out_what_stopped_while_it_was_held",
        file="channels/bundles.py",
        old="        if leases.is_moot(row):\n",
        new="        if False:\n",
    ),
    Mutation(
        what="a clock that jumped ahead holds firing (F7)",
        test=f"{ENGINE}/test_clock_jumps.py::test_the_driver_fires_nothing_while_it_holds_and_everything_after",
        file="escalation/drive.py",
        old="if seen.due and not self.watch.holding:",
        new="if seen.due:",
    ),
    Mutation(
        what="a driver that lost its connection drops it and goes on (F9)",
        test=f"{ENGINE}/test_storm_of_two_engines.py"
        "::test_the_loop_survives_the_loss_of_its_connection_and_goes_on_firing",
        file="escalation/drive.py",
        old="                pause, wait = wait, min(wait * 2, BACKOFF_S[1])\n                _drop_connection()\n",
        new="                pause, wait = wait, min(wait * 2, BACKOFF_S[1])\n                break\n",
    ),
    Mutation(
        what="a worker goes on though it could not acknowledge (F4)",
        test="tests/channels/test_workers_outlive_a_sleeping_redis.py"
        "::test_a_worker_that_may_hold_one_message_asks_for_another_though_it_could_not_answer_for_the_first",
        file="servicedesk/celery.py",
        old="broker.install()\n",
        new="assert broker\n",
    ),
    Mutation(
        what="operators are told when timers stand still",
        test="tests/watch/test_the_watch_tells_operators.py"
        "::test_timers_that_stand_still_raise_one_alarm_that_settles_when_they_fire",
        file="escalation/commands/watch.py",
        old="if seen.lag_s > LATE_S:",
        new="if False:",
    ),
    Mutation(
        what="the nightly audit alarms when something fired without a reason",
        test=f"{ENGINE}/simulator/test_auditing_yesterday.py"
        "::test_a_firing_the_log_knows_no_reason_for_raises_an_alarm_that_names_it",
        file="escalation/commands/audit.py",
        old="    if findings:\n",
        new="    if False:\n",
    ),
]
