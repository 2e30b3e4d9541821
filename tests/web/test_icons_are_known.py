import json
import re

import pytest
from django.template import Context, Template, TemplateSyntaxError

from servicedesk.web import icons
from tests.web.pages import ROOT, offenders, pages


def test_the_sprite_holds_exactly_the_listed_icons():
    assert icons.names() == set(json.loads((ROOT / "frontend" / "icons.json").read_text()))


def test_every_icon_a_template_names_is_in_the_sprite():
    named = re.compile(r"{%\s*icon\s+[\"']([^\"']+)[\"']|\bicon=[\"']([a-z0-9-]+)[\"']")
    used = {a or b for page in pages() for a, b in named.findall(page.read_text())}

    assert used - icons.names() == set()
    assert {"search", "alert-triangle", "lock"} <= used


def test_an_icon_refers_to_the_sprite_of_this_desk():
    html = Template('{% icon "clock" %}').render(Context())

    assert html == '<svg class="sd-ico" aria-hidden="true"><use href="/static/icons/sprite.svg#i-clock"/></svg>'


def test_an_unknown_icon_raises():
    with pytest.raises(TemplateSyntaxError, match="No icon is called"):
        Template('{% icon "nothing-like-it" %}').render(Context())


def test_every_state_has_an_icon_of_its_own_word():
    assert set(icons.STATE_ICONS.values()) <= icons.names()


def test_no_template_draws_an_icon_by_hand():
    assert offenders(re.compile(r"<use\b")) == []
