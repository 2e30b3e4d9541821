"""What the engine reads is in the editor's forms, and comes back from them as it was."""

import pytest

from escalation.board_policies import conditions
from escalation.ladder_conditions import condition_problems
from escalation.ladder_words import CHOICES, FLAGS, OTHERS, TYPED, choices_of, known_conditions
from escalation.shapes import normal, slim
from escalation.shipped import POLICIES
from servicedesk.supervisor.policy_conditions import ConditionsForm, PolicyForm, VariantForm
from servicedesk.supervisor.policy_forms import RuleForm
from servicedesk.supervisor.policy_spans import Span

SUBJECTS = ["ticket", "escalation", "interaction", "commitment", "work_item", "handover", "major_incident"]
RULES = [(shape, rule) for shape in POLICIES for rule in shape["rules"]]


def sent(form) -> dict:
    """What a browser sends of a form as it is shown."""
    found = {}
    for name, field in form.fields.items():
        said = form[name].value()
        if isinstance(field, Span):
            number, unit = field.widget.decompress(said)
            found |= {f"{name}_0": "" if number is None else str(number), f"{name}_1": unit}
        elif isinstance(said, (list, tuple)):
            found[name] = [str(one) for one in said]
        elif said is not None and said is not False:
            found[name] = str(said)
    return found


def everything(subject: str) -> dict:
    """A condition of every kind there is on a subject."""
    known = known_conditions(subject)
    said = {name: [next(iter(choices_of(subject, name)))] for name in CHOICES if name in known}
    said |= {name: number % 2 == 0 for number, name in enumerate(FLAGS) if name in known}
    said |= {name: ["one", "two"] for name in TYPED if name in known}
    return said | {"local_time": {"from": "22:00", "to": "06:00"}, "weekday": [5, 6]}


@pytest.mark.parametrize("subject", SUBJECTS)
def test_every_condition_has_its_control_its_words_and_no_objection(subject):
    said = everything(subject)
    form = ConditionsForm(subject=subject, said=said, auto_id="c_%s")

    back = ConditionsForm(sent(form), subject=subject, said={}, auto_id="c_%s")

    assert back.is_valid(), back.errors
    assert back.to_conditions() == said and set(said) == known_conditions(subject)
    grouped = [field.name for _title, fields in form.groups for field in fields]
    assert sorted(grouped) == sorted(set(form.fields) - {"once"})
    assert not {name for name, _words in conditions(said)} & {*CHOICES, *FLAGS, *OTHERS}
    assert list(condition_problems({"subject": subject, "conditions": said, "rules": []})) == []


@pytest.mark.parametrize(("shape", "rule"), RULES, ids=[f"{s['key']}-{r['code']}" for s, r in RULES])
def test_a_rule_comes_back_from_its_form_as_it_was(shape, rule):
    form = RuleForm(shape=normal(shape), rule=slim(rule))

    back = RuleForm(sent(form), shape=normal(shape), rule=slim(rule))

    assert back.is_valid(), back.errors
    assert back.to_rule() == slim(rule)


@pytest.mark.parametrize("shape", POLICIES, ids=[shape["key"] for shape in POLICIES])
def test_what_a_policy_applies_to_comes_back_from_its_form_as_it_was(shape):
    said = normal(shape) | {"ack_silence_s": 90}
    back = PolicyForm(sent(PolicyForm(shape=said)), shape=said)

    assert back.is_valid(), back.errors
    made = normal(said | back.to_policy())
    assert made == said


@pytest.mark.parametrize(("days", "then"), [(False, 90), (False, 0), (False, 36 * 3600), (True, 0), (True, 2 * 86_400)])
def test_an_exception_is_kept_to_the_second(days, then):
    asked = {"subject": "ticket", "said": {"critical": True}, "then": then, "days": days}
    back = VariantForm(sent(VariantForm(**asked)), **asked)

    assert back.is_valid(), back.errors
    assert (back.cleaned_data["then"], back.to_conditions()) == (then, {"critical": True})


@pytest.mark.parametrize(("number", "unit", "said"), [("x", "min", "whole number"), ("-1", "min", "whole number"),
                                                      ("0", "min", "between"), ("99999", "h", "400 days")])  # fmt: skip
def test_a_time_that_is_none_is_refused_in_words(number, unit, said):
    shape = next(shape for shape in POLICIES if shape["key"] == "fault_handling")
    rule = slim(shape["rules"][0])
    form = RuleForm(sent(RuleForm(shape=normal(shape), rule=rule)) | {"repeat_0": number, "repeat_1": unit},
                    shape=normal(shape), rule=rule)  # fmt: skip

    assert not form.is_valid() and said in form.errors["repeat"][0]
