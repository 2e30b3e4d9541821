from escalation.models import PolicyDraft
from tests.supervisor.policy_desk import HERE, saved, typed


def test_a_typed_time_is_saved_and_shown_as_what_changed(editor):
    answer = editor.post(f"{HERE}do/rule/", typed(editor, "T-4", length="90", unit="min"))

    assert answer.status_code == 303
    assert saved("T-4")["offset_s"] == 90 * 60
    page = editor.get(HERE, {"rule": "T-4"}).content.decode()
    assert "was 2 h" in page


def test_autosave_answers_with_the_ladder_and_what_may_be_done_now(editor):
    sent = typed(editor, "T-4", length="90", unit="min")

    answer = editor.post(f"{HERE}do/rule/", sent, headers={"HX-Request": "true"})
    page = answer.content.decode()

    assert answer.status_code == 200 and page.lstrip().startswith('<div id="policy-live">')
    assert 'id="policy-checks" hx-swap-oob="true"' in page and 'name="version" value="2"' in page
    assert 'id="rule-form"' not in page


def test_a_word_for_a_number_is_refused_beside_its_field_and_kept(editor):
    answer = editor.post(f"{HERE}do/rule/", typed(editor, "T-4", length="soon", label="Boss told"))

    page = answer.content.decode()
    assert answer.status_code == 422
    assert 'value="soon"' in page and 'value="Boss told"' in page
    assert PolicyDraft.objects.get().version == 1


def test_a_stale_save_shows_both_and_may_then_go_over(editor):
    mine = typed(editor, "T-4", length="90", unit="min")
    editor.post(f"{HERE}do/rule/", typed(editor, "T-4", length="100", unit="min"))

    refused = editor.post(f"{HERE}do/rule/", mine)
    page = refused.content.decode()

    assert refused.status_code == 422
    assert "saved this draft meanwhile" in page and "1 h 30" in page and "1 h 40" in page
    assert saved("T-4")["offset_s"] == 100 * 60
    assert editor.post(f"{HERE}do/rule/", mine | {"over": "yes"}).status_code == 303
    assert saved("T-4")["offset_s"] == 90 * 60


def test_words_typed_while_ones_own_save_is_under_way_are_not_called_stale(editor):
    first, later = (typed(editor, "T-4", length=length, unit="min") for length in ("90", "95"))
    asked = {"headers": {"HX-Request": "true"}}

    saved_twice = [editor.post(f"{HERE}do/rule/", sent, **asked).status_code for sent in (first, later)]

    assert saved_twice == [200, 200] and saved("T-4")["offset_s"] == 95 * 60
    assert editor.post(f"{HERE}do/rule/", first, **asked).status_code == 422


def test_rules_are_added_copied_moved_and_removed(editor):
    new = {"rule": "+", "version": 1, "code": "t-9", "label": "Board told", "length": "4", "unit": "h",
           "anchor": "start", "stop_on": ["resolved"], "target_0": "ceo", "severity": "1"}  # fmt: skip

    assert editor.post(f"{HERE}do/rule/", new).status_code == 303
    assert (saved("T-9")["offset_s"], saved("T-9")["targets"]) == (4 * 3600, ["ceo"])
    editor.post(f"{HERE}do/up/", {"rule": "T-9", "version": 2})
    editor.post(f"{HERE}do/copy/", {"rule": "T-9", "version": 3})
    editor.post(f"{HERE}do/remove/", {"rule": "T-9", "version": 4})

    codes = [rule["code"] for rule in PolicyDraft.objects.get().shape["rules"]]
    assert codes == ["T-1", "T-1D", "T-2", "T-3", "T-4", "T-10", "T-5"]


def test_conditions_of_the_policy_and_of_a_rule_are_set(editor):
    asked = {"version": 1, "rule": "T-4", "kind": ["fault"], "dispatched": "yes", "starts_on": "dispatched",
             "region": "au, eu", "hours_from": "22:00", "hours_to": "06:00",
             "on_entitlement_calendar": ["P4"]}  # fmt: skip

    assert editor.post(f"{HERE}do/conditions/", asked).status_code == 303
    editor.post(f"{HERE}do/when/", {"version": 2, "rule": "T-4", "priority": ["P1"]})
    editor.post(f"{HERE}do/variant/", {"version": 3, "rule": "T-4", "then_0": "60", "then_1": "min", "critical": "yes"})

    shape = PolicyDraft.objects.get().shape
    assert shape["conditions"] == {
        "kind": ["fault"], "dispatched": True, "region": ["au", "eu"], "starts_on": "dispatched",
        "local_time": {"from": "22:00", "to": "06:00"},
    }  # fmt: skip
    assert shape["on_entitlement_calendar"] == ["P4"]
    assert saved("T-4")["when"] == {"priority": ["P1"]}
    assert saved("T-4")["variants"] == [{"when": {"critical": True}, "offset_s": 3600}]


def test_what_cannot_work_is_said_and_mended(cast, rules, nine, desk_time, signed_in):
    desk_time(nine)
    here = "/supervisor/policies/priority_escalation/"
    editor = signed_in(cast.cy)
    editor.post(f"{here}do/begin/", {})
    editor.post(f"{here}do/rule/", typed(editor, "F-1D", here, length="15", unit="min"))

    page = editor.get(here, {"rule": "F-2"}).content.decode()
    assert "15 + 20 can be 35 min after the start; the limit is 30." in page
    assert "Publish version 2<span" in page  # off, with its reason

    editor.post(f"{here}do/mend/", {"rule": "F-2", "version": 2})
    assert saved("F-2")["offset_s"] == 15 * 60
    assert "cannot work" not in editor.get(here).content.decode()
