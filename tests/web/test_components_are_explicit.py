from datetime import UTC, datetime, timedelta

import pytest
from django.template import Context, Template, TemplateSyntaxError

from servicedesk.web.parts import REGISTRY, build
from tests.web.pages import TEMPLATES

NOW = datetime(2026, 6, 16, 4, 32, 8, tzinfo=UTC)
pytestmark = pytest.mark.django_db


def draw(source, **context):
    return Template(source).render(Context(context)).strip()


def test_every_component_has_its_template_and_every_template_its_component():
    drawn = {p.stem for p in (TEMPLATES / "components").glob("*.html") if not p.name.startswith("_")}

    assert drawn == set(REGISTRY)


def test_an_unknown_argument_raises():
    with pytest.raises(TemplateSyntaxError, match="unexpected keyword argument 'colour'"):
        draw('{% component "tag" text="x" colour="red" %}')


def test_a_missing_argument_raises():
    with pytest.raises(TemplateSyntaxError, match="missing a required argument: 'text'"):
        draw('{% component "tag" %}')


def test_an_unknown_component_raises():
    with pytest.raises(TemplateSyntaxError, match="No component is called"):
        draw('{% component "carousel" %}')


def test_an_unknown_state_raises():
    with pytest.raises(TemplateSyntaxError, match="is not a state"):
        draw('{% component "tag" text="x" state="purple" %}')


def test_a_component_without_a_body_takes_none():
    with pytest.raises(TemplateSyntaxError, match="takes no body"):
        draw('{% frame "tag" text="x" %}y{% endframe %}')


def test_arguments_are_escaped_and_the_body_is_markup():
    html = draw('{% frame "gate" state="met" title=evil %}<b>kept</b>{% endframe %}', evil="<i>x</i>")

    assert "&lt;i&gt;x&lt;/i&gt;" in html
    assert "<b>kept</b>" in html


def test_a_ticking_clock_says_when_it_is_due_and_when_to_warn():
    made = build("clock", {"label": "Sign for", "due": NOW + timedelta(minutes=4, seconds=20)}, now=NOW)

    assert (made["state"], made["text"], made["icon"], made["warn"]) == ("soon", "4:20", "hourglass-low", 300)
    assert made["due"] == "2026-06-16T04:36:28+00:00"


@pytest.mark.parametrize("state", ["met", "paused", "fired", "cancelled"])
def test_a_clock_that_does_not_run_does_not_tick(state):
    made = build("clock", {"label": "x", "due": NOW, "state": state}, now=NOW)

    assert made["due"] == ""


def test_a_clock_row_shows_the_share_of_time_used():
    made = build(
        "clock_row", {"name": "x", "started": NOW - timedelta(minutes=15), "due": NOW + timedelta(minutes=5)}, now=NOW
    )

    assert made["percent"] == 75


def test_a_button_that_is_off_says_why():
    html = draw('{% component "button" text="Resolve" disabled=True reason="Nobody owns it" %}')

    assert " disabled" in html
    assert "Nobody owns it" in html
    with pytest.raises(TemplateSyntaxError, match="says why"):
        draw('{% component "button" text="Resolve" disabled=True %}')


def test_a_link_that_looks_like_a_button_is_a_link_with_its_key():
    html = draw('{% component "button" text="Escalate" icon="stairs-up" href="/e/" key="E" %}')

    assert html.startswith('<a class="btn sd-btn" href="/e/" data-key="e">')


def test_priority_is_a_word_and_takes_any_spelling():
    assert {draw('{% component "priority" p=p %}', p=p) for p in (1, "1", "P1", "p1")} == {
        '<span class="sd-pri" data-p="1"><span class="visually-hidden">Priority </span>P1</span>'
    }


@pytest.mark.parametrize(("name", "initials"), [("Priya Raman", "PR"), ("Mei-Ling Tan", "MT"), ("Ada", "A"), ("", "?")])
def test_initials(name, initials):
    assert build("avatar", {"name": name}, now=NOW)["initials"] == initials


def test_a_work_item_has_an_owner():
    with pytest.raises(TypeError, match="needs an owner"):
        build("work_item", {"title": "x", "owner": ""}, now=NOW)
