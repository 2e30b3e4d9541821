"""What each invariant of the engine rests on (I2 to I16), and how each is taken away."""

from tests.mutations.mutation import Mutation

ENGINE = "tests/escalation"
ONCE = f"{ENGINE}/test_firing_once.py"
OUTAGE = f"{ENGINE}/test_poison_and_outage.py"
PAUSE = f"{ENGINE}/test_suspension_arithmetic.py"
NOBODY = f"{ENGINE}/test_nobody_to_page.py"
DATA = f"{ENGINE}/test_policies_as_data.py"

INVARIANT_MUTATIONS = [
    Mutation(
        what="nothing fires before its time (I2)",
        test=f"{ONCE}::test_nothing_fires_a_microsecond_early",
        file="escalation/claim.py",
        old="wake_at <= (SELECT now FROM clock)\n",
        new="wake_at <= (SELECT now FROM clock) + interval '1 second'\n",
    ),
    Mutation(
        what="a stop waits for the firing under way (I3, I5)",
        test=f"{ONCE}::test_a_stop_waits_for_the_firing_under_way_and_finds_it_fired",
        file="escalation/locks.py",
        old='locked = rows.annotate(counted=counted).select_for_update(no_key=True, of=("self",)).order_by("pk")',
        new='locked = rows.annotate(counted=counted).order_by("pk")',
    ),
    Mutation(
        what="a firing, its pages and its next occurrence are one commit (I4)",
        test=f"{ENGINE}/interleavings/test_an_engine_that_fails_with_rows_in_its_hands.py"
        "::test_an_engine_that_fails_while_another_waits_for_it_leaves_everything_to_the_other",
        file="escalation/commands/fire.py",
        old="    with short_transaction():\n        claimed = claim(at, limit)",
        new='    with __import__("contextlib").nullcontext():\n        claimed = claim(at, limit)',
    ),
    Mutation(
        what="a firing touches neither ticket nor clock (lock order, rule a)",
        test=f"{ONCE}::test_a_command_that_holds_clocks_does_not_stop_the_engine",
        file="escalation/firing.py",
        old="        for timer in self.claimed:\n            self._fire(timer)\n",
        new="        for timer in self.claimed:\n            self._fire(timer)\n"
        "        Clock.objects.filter(pk__in=self.context.subjects).update(epoch=1)\n",
    ),
    Mutation(
        what="who changes a person holds no firing up (lock order, rule b)",
        test=f"{ENGINE}/test_people_are_paged_while_they_change.py"
        "::test_a_person_who_is_being_changed_is_paged_meanwhile",
        file="accounts/commands/deactivate.py",
        old="User.objects.select_for_update(no_key=True)",
        new="User.objects.select_for_update()",
    ),
    Mutation(
        what="a suspension holds what pauses (I6)",
        test=f"{PAUSE}::test_a_suspension_holds_the_pausable_timers_and_resuming_restores_them_exactly",
        file="escalation/commands/pause.py",
        old="held = [timer for timer in timers if timer.rule.pausable and not is_overdue(timer, at)]",
        new="held = []",
    ),
    Mutation(
        what="what was due when a suspension began still fires (I3)",
        test=f"{PAUSE}::test_what_was_due_before_the_suspension_still_fires",
        file="escalation/commands/pause.py",
        old="if timer.rule.pausable and not is_overdue(timer, at)]",
        new="if timer.rule.pausable]",
    ),
    Mutation(
        what="a role nobody holds falls back at once (I9)",
        test=f"{NOBODY}::test_a_role_nobody_holds_falls_back_and_says_so",
        file="escalation/oncall.py",
        old="next(found, None) or self.last_resort(scope)",
        new='next(found, None) or Recipient(None, "", "nobody")',
    ),
    Mutation(
        what="a firing that finds nobody alarms the operator (I9)",
        test=f"{NOBODY}::test_without_even_an_emergency_address_the_operator_is_alarmed",
        file="escalation/firing.py",
        old="        if alone:\n",
        new="        if False:\n",
    ),
    Mutation(
        what="an occurrence is counted from the one before, not from when that fired (I10)",
        test=f"{OUTAGE}::test_reminders_never_drift_however_late_each_one_fires",
        file="escalation/firing.py",
        old="            due = _due(subject, at_us, hours)\n",
        new="            due = self.now + timedelta(seconds=rule.repeat_s)\n",
    ),
    Mutation(
        what="reminders missed in an outage are told in one page (I16)",
        test=f"{OUTAGE}::test_after_an_outage_everything_missed_is_told_once_and_the_reminders_in_one_page",
        file="escalation/firing.py",
        old="while step is not None and step.due_at is not None and step.due_at <= self.now:",
        new="while False:",
    ),
    Mutation(
        what="a silence of all engines is on record (I16)",
        test=f"{OUTAGE}::test_a_silence_of_all_engines_is_recorded_as_a_gap",
        file="escalation/commands/beat.py",
        old="if last is not None and now - last > SILENCE:",
        new="if False:",
    ),
    Mutation(
        what="a published version never changes (I11)",
        test=f"{DATA}::test_a_published_version_can_be_neither_changed_nor_deleted",
        sql="ALTER TABLE esc_rule DISABLE TRIGGER esc_rule_rows",
        undo="ALTER TABLE esc_rule ENABLE TRIGGER esc_rule_rows",
    ),
    Mutation(
        what="no rule of the priority escalation has a calendar (I12)",
        test=f"{DATA}::test_the_database_refuses_a_calendar_on_a_rule_of_the_priority_escalation",
        sql="ALTER TABLE esc_rule DROP CONSTRAINT rule_f_has_no_calendar",
        undo="ALTER TABLE esc_rule ADD CONSTRAINT rule_f_has_no_calendar"
        " CHECK (NOT (code::text LIKE 'F-%') OR calendar_id IS NULL)",
    ),
    Mutation(
        what="a suspension begins with the last approval it needs, not the first (I14)",
        test="tests/tickets/test_suspending_a_ticket.py::test_the_last_of_two_approvals_pauses_the_ticket_and_not_the_first",
        file="tickets/commands/suspend.py",
        old="last = approved and set(suspension.needed) <= done",
        new="last = approved",
    ),
    Mutation(
        what="a stretch that ends adds what it counted (I15)",
        test=f"{PAUSE}::test_after_many_pauses_the_segments_sum_to_what_is_accrued_and_give_every_due_time",
        file="escalation/timers.py",
        old="clock.accrued_us += more if clock.pk in closed else 0",
        new="clock.accrued_us += 0",
    ),
    Mutation(
        what="the stretches of a clock do not overlap (I15)",
        test=f"{PAUSE}::test_the_database_refuses_overlapping_segments",
        sql="ALTER TABLE esc_segment DROP CONSTRAINT segment_no_overlap",
        undo="ALTER TABLE esc_segment ADD CONSTRAINT segment_no_overlap"
        " EXCLUDE USING gist (clock_id WITH =, tstzrange(from_at, to_at) WITH &&)",
    ),
]
