import pytest

from accounts.models import Team
from catalogue.models import Calendar
from escalation.models import PolicyDraft
from tests.supervisor.policy_desk import HERE, saved, typed

REPORT = "/supervisor/policies/fault_report/"


@pytest.fixture
def week(db) -> Calendar:
    return Calendar.objects.create(name="Report week", time_zone="Europe/Oslo")


@pytest.fixture
def reporting(editor):
    """Cy's browser with a draft of the fault report's policy beside that of faults, which is thrown away."""
    editor.post(f"{HERE}do/discard/", {"version": 1})
    editor.post(f"{REPORT}do/begin/", {"rule": "R-1"})
    return editor


def test_a_rule_in_working_days_takes_a_calendar_of_its_own_and_says_so(reporting, week):
    sent = typed(reporting, "R-1", REPORT, calendar=str(week.uuid), end_of_day="on")

    assert reporting.post(f"{REPORT}do/rule/", sent).status_code == 303

    assert (saved("R-1")["calendar"], saved("R-1")["end_of_day"]) == (str(week.uuid), True)
    page = reporting.get(REPORT, {"rule": "R-1"}).content.decode()
    assert page.count("Report week") >= 3  # its tag on the ladder, its choice in the form, what changed
    assert "at the end of that working day" in page and "cannot work" not in page


def test_a_calendar_that_is_gone_stops_the_publication_with_its_reason(reporting, week):
    reporting.post(f"{REPORT}do/rule/", typed(reporting, "R-1", REPORT, calendar=str(week.uuid)))
    week.delete()

    page = reporting.get(REPORT, {"rule": "R-1"}).content.decode()

    assert "This calendar is gone, or never closes. Choose another." in page


def test_a_rule_counted_on_the_clock_refuses_a_calendar_and_is_mended(editor, week):
    editor.post(f"{HERE}do/rule/", typed(editor, "T-4", calendar=str(week.uuid)))
    assert (
        "Only a rule in working days has a calendar of its own." in editor.get(HERE, {"rule": "T-4"}).content.decode()
    )

    editor.post(f"{HERE}do/mend/", {"rule": "T-4", "version": 2})

    assert "calendar" not in saved("T-4")


def test_what_a_rule_can_never_have_is_off_with_the_reason(editor):
    around = editor.get(HERE, {"rule": "T-1"}).context["rule_form"]
    slow = editor.get(HERE, {"rule": "T-4"}).context["rule_form"]

    assert around["calendar"].field.disabled and "business hours are refused" in str(around["calendar"].help_text)
    assert around["pausable"].field.disabled and "work_day" not in dict(around.fields["unit"].choices)
    assert slow["silenced_by_ack"].field.disabled and not slow["pausable"].field.disabled
    forged = typed(editor, "T-1", calendar="x", pausable="on", unit="min")
    assert editor.post(f"{HERE}do/rule/", forged).status_code == 303
    assert "calendar" not in saved("T-1") and "pausable" not in saved("T-1")


def test_exceptions_are_added_changed_and_removed(reporting):
    here, form = f"{REPORT}do/", {"rule": "R-1", "version": 1}
    late = {"when": {"overdue": True}, "offset_s": 0}
    reporting.post(f"{here}variant/", form | {"then_0": "3", "then_1": "work_day", "category": ["cloud"]})
    assert saved("R-1")["variants"] == [late, {"when": {"category": ["cloud"]}, "offset_s": 3 * 86_400}]

    page = reporting.get(REPORT, {"rule": "R-1"}).content.decode()
    assert 'id="variant0-form"' in page and 'id="variant1-form"' in page
    reporting.post(f"{here}variant/", form | {"version": 2, "number": "1", "then_0": "4", "then_1": "work_day",
                                             "critical": "yes"})  # fmt: skip
    assert saved("R-1")["variants"] == [late, {"when": {"critical": True}, "offset_s": 4 * 86_400}]
    reporting.post(f"{here}rule/", typed(reporting, "R-1", REPORT, variant_1_0="5"))
    reporting.post(f"{here}variant-remove/", form | {"version": 4, "number": "0"})

    assert saved("R-1")["variants"] == [{"when": {"critical": True}, "offset_s": 5 * 86_400}]


def test_an_exception_without_a_time_keeps_what_was_chosen(editor):
    answer = editor.post(f"{HERE}do/variant/", {"rule": "T-4", "version": 1, "then_0": "", "critical": "yes"})

    form = answer.context["variant_form"]
    assert answer.status_code == 422 and form.open and form["critical"].value() == "yes"
    assert editor.post(f"{HERE}do/variant/", {"rule": "T-4", "version": 1, "number": "7"}).status_code == 404
    assert PolicyDraft.objects.get().version == 1


def test_a_rule_tells_the_person_on_call_of_a_team(editor, cast):
    team = Team.objects.get(pk=cast.l1.pk)
    editor.post(f"{HERE}do/rule/", typed(editor, "T-4", target_0=f"team:{team.uuid}"))

    page = editor.get(HERE, {"rule": "T-4"}).content.decode()

    assert saved("T-4")["targets"] == [f"team:{team.uuid}"]
    assert f"on call of {team.name}" in page and "There is no role" not in page
