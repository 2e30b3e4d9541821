import re

import pytest

from tests.web.pages import STATIC, TEMPLATES, offenders, pages

FORBIDDEN = {
    "script without a file": re.compile(r"<script(?![^>]*\bsrc=)[^>]*>", re.I),
    "style element": re.compile(r"<style\b", re.I),
    "style attribute": re.compile(r"\sstyle\s*=", re.I),
    "event handler": re.compile(r"\son[a-z]+\s*=\s*[\"']", re.I),
    "htmx handler": re.compile(r"\bhx-on\b", re.I),
    "script address": re.compile(r"\b(?:javascript|js):", re.I),
    "safe filter": re.compile(r"\|\s*safe(?:seq)?\b"),
    "escaping switched off": re.compile(r"{%\s*autoescape\s+off"),
    "foreign asset": re.compile(r"(?:src|href|action|srcset|poster|data)\s*=\s*[\"'](?:https?:)?//", re.I),
    "delivery network": re.compile(r"//cdn|unpkg|jsdelivr", re.I),
    "evaluated trigger": re.compile(r"hx-trigger=\"[^\"]*\["),
    "inherited attribute of htmx 2": re.compile(r"\bhx-headers='"),
}


@pytest.mark.parametrize("rule", FORBIDDEN)
def test_no_page_holds_what_the_content_policy_or_the_house_forbids(rule):
    assert offenders(FORBIDDEN[rule]) == []


def test_the_rules_find_what_they_look_for():
    bad = (
        "<script>x</script> <style> <p style='a'> <a onclick=\"x\"> hx-on:click javascript:x {{ a|safe }} "
        "{% autoescape off %} <img src='//x'> //cdn hx-trigger=\"click[x]\" hx-headers='{}'"
    )

    assert [rule for rule, pattern in FORBIDDEN.items() if not pattern.search(bad)] == []


def test_no_template_is_longer_than_eighty_lines():
    assert [str(p) for p in pages() if len(p.read_text().splitlines()) > 80] == []


def test_every_fragment_says_what_it_needs():
    fragments = [
        p for p in pages() if p.name.startswith("_") and p.parent.name not in {"components", "layouts", "account"}
    ]

    assert [str(p) for p in fragments if not p.read_text().lstrip().startswith("{#")] == []


def test_every_static_file_a_template_names_exists():
    named = re.compile(r"{%\s*static\s+[\"']([^\"']+)[\"']")
    missing = [m for p in TEMPLATES.rglob("*.html") for m in named.findall(p.read_text()) if not (STATIC / m).exists()]

    assert missing == []


def test_every_behaviour_is_at_most_sixty_lines_and_evaluates_nothing():
    files = [*STATIC.glob("js/**/*.js")]

    assert [f.name for f in files if len(f.read_text().splitlines()) > 60] == []
    assert (
        offenders(re.compile(r"\beval\(|new Function|innerHTML|document\.write|insertAdjacentHTML"), paths=files) == []
    )
