"""What the engine's rows say and what the auditors say, in the same words."""

from django.db import connection

from escalation.simulator.plan import plan_together
from escalation.simulator.windows import instant
from tests.escalation.model.subjects import Subject

_READ = """
SELECT 'fired', c.subject_kind, c.subject_id, c.kind, c.run_no, f.rule_code, f.occurrence, f.due_at, f.outcome,
  0::bigint
FROM esc_firing f JOIN esc_clock c ON c.id = f.clock_id
UNION ALL
SELECT 'live', c.subject_kind, c.subject_id, c.kind, c.run_no, t.rule_code, t.occurrence, t.due_at, t.state, 0
FROM esc_timer t JOIN esc_clock c ON c.id = t.clock_id WHERE t.state IN ('armed', 'held')
UNION ALL
SELECT 'clock', c.subject_kind, c.subject_id, c.kind, c.run_no, '', 0, c.running_since, c.state, c.accrued_us
FROM esc_clock c
"""


class Comparing:
    """The part of the desk that compares; it changes nothing."""

    def engine_says(self) -> tuple[set, set, set]:
        """Return (firings, live timers, clocks) as rows of the database."""
        with connection.cursor() as cursor:
            cursor.execute(_READ)
            rows = cursor.fetchall()
        fired = {row[1:9] for row in rows if row[0] == "fired"}
        live = {row[1:9] for row in rows if row[0] == "live"}
        clocks = {(*row[1:5], row[8], row[9], row[7]) for row in rows if row[0] == "clock"}
        return fired, live, clocks

    def auditors_say(self) -> tuple[set, set]:
        """Return (firings, live timers) in the same words."""
        fired, live = set(), set()
        for subject in self.subjects:
            for key, auditor in subject.auditors.items():
                name = (subject.kind, subject.row.pk, key)
                for f in auditor.firings:
                    fired.add((*name, self._run(subject, f.clock), f.code, f.occurrence, f.due_at, f.outcome))
                for clock in auditor.clocks:
                    for t in clock.live():
                        due = instant(t.due) if t.state == "armed" else None
                        live.add((*name, self._run(subject, clock.name), t.rule.code, t.occurrence, due, t.state))
        return fired, live

    def from_scratch(self) -> set:
        """Return every firing worked out anew from the logs alone."""
        fired = set()
        for subject in self.subjects:
            calendars = {subject.customer.zone: subject.first_table or subject.customer.windows}
            chosen = {key: self.versions[key] for key in subject.auditors}
            found = plan_together(chosen, subject.log, self.rosters(), calendars, continuous=False)
            for key, firings in found.items():
                for f in firings:
                    run = self._run(subject, f.clock)
                    fired.add((subject.kind, subject.row.pk, key, run, f.code, f.occurrence, f.due_at, f.outcome))
        return fired

    def counted(self) -> dict[tuple, int]:
        """Return what every clock of a ticket has counted by now, worked out from its stretches."""
        return {
            (subject.kind, subject.row.pk, key, clock.run): clock.paused_out.counted(self.now)
            for subject in self.subjects
            for key, auditor in subject.auditors.items()
            for clock in auditor.clocks
        }

    def _run(self, subject: Subject, clock: str) -> int:
        return int(clock.rpartition("/")[2])
