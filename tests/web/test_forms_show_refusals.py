import pytest
from django import forms
from django.template import Context, Template

from ledger.errors import Refused
from servicedesk.web.forms import CommandForm


class ResolveForm(CommandForm):
    cause = forms.CharField(label="Cause", help_text="Name what failed.")
    follow = forms.BooleanField(required=False)
    code = forms.ChoiceField(choices=[("a", "A")])


@pytest.fixture
def form():
    made = ResolveForm({"cause": "fixed", "code": "a"})
    made.is_valid()
    return made


def test_a_refusal_of_a_field_stands_beside_it_and_the_words_stay(form):
    form.add_refusal(Refused("placeholder", "Name what failed and why.", "cause"))

    assert form.errors == {"cause": ["Name what failed and why."]}
    assert form.errors.as_data()["cause"][0].code == "placeholder"
    assert form["cause"].value() == "fixed"
    assert not form.is_valid()


def test_a_refusal_of_something_else_stands_above_the_form(form):
    form.add_refusal(Refused("open_tasks", "Close its open tasks first.", "tasks"))

    assert form.non_field_errors() == ["Close its open tasks first."]


def test_widgets_wear_the_classes_of_the_stylesheet():
    fields = ResolveForm().fields

    classes = [fields[name].widget.attrs.get("class") for name in ("cause", "follow", "code", "once")]
    assert classes == ["form-control", "form-check-input", "form-select", None]


@pytest.mark.django_db
def test_the_control_is_told_of_its_help_and_its_error(form):
    form.add_refusal(Refused("placeholder", "Name what failed and why.", "cause"))

    html = Template('{% component "field" field=form.cause %}').render(Context({"form": form}))

    assert 'aria-describedby="id_cause_help id_cause_error"' in html
    assert 'aria-invalid="true"' in html
    assert 'class="form-control is-invalid"' in html
    assert 'id="id_cause_help"' in html
    assert 'id="id_cause_error"' in html
    assert html.count("Name what failed and why.") == 1


@pytest.mark.django_db
def test_what_was_typed_is_escaped():
    bad = ResolveForm({"cause": '"><script>x</script>', "code": "a"})
    bad.is_valid()

    html = Template('{% component "field" field=form.cause %}').render(Context({"form": bad}))

    assert "<script>" not in html
