"""Every page of the desk, light and dark, on a desk and on a phone: axe finds nothing, nothing scrolls sideways."""

import pytest
from django.urls import reverse

from tests.browser.conftest import looks_right
from tests.short import some


@pytest.mark.parametrize(("width", "dark"), some([(1440, False), (1440, True), (390, False)], __name__, 1))
def test_the_pages_of_the_desk_hold_in_every_shape(sign_in, path, width, dark):
    ticket = path.to("l1")
    number = ticket.number
    path.asked_to_suspend()
    path.to("closure")
    call = path.ring()
    blank = path.ring()
    assert path.attempt(None, call=call).outcome == "passed"
    addresses = {
        "call": reverse("desk:call", args=[blank.uuid]),
        "call-verified": reverse("desk:call", args=[call.uuid]),
        "queue": reverse("desk:queue"),
        "ticket": reverse("desk:ticket", args=[number]),
        "resolve": reverse("desk:ticket-resolve", args=[number]),
        "my-day": reverse("desk:my-day"),
        "inbox": reverse("desk:inbox"),
        "customers": reverse("desk:customers"),
        "customer": reverse("desk:customer", args=[path.cast.northgate.uuid]),
        "search": reverse("desk:search") + "?q=Line",
    }
    page = sign_in(path.cast.bo, width=width, dark=dark)
    for name, address in addresses.items():
        page.goto(page.base + address)
        page.wait_for_selector("html[data-ready]")
        sideways = page.evaluate("document.documentElement.scrollWidth > document.documentElement.clientWidth")
        looks_right(page, f"{name}-{width}{'-dark' if dark else ''}")
        assert not sideways, f"{name} scrolls sideways at {width}"
