"""What an agent types in a call."""

from django.urls import reverse


def begin_call(page) -> None:
    """Press the way into a call and wait until it is there."""
    page.goto(page.base + reverse("desk:call-new"))
    page.wait_for_url("**/desk/calls/*-*/")
    page.wait_for_selector("html[data-ready]")


def fill_caller(page, *, pin: str) -> None:
    """Find Ada, write down the four fields, check a PIN."""
    page.get_by_label("Find the caller").fill("Ada Lu")
    page.get_by_role("button", name="Ada Lund").click()
    page.get_by_text("Chosen: Ada Lund").wait_for()
    page.get_by_role("textbox", name="E-mail").fill("ada@northgate.example")
    page.get_by_label("Phone", exact=True).fill("+61355500142")
    page.get_by_label("Account number").fill("A-100001")
    check_pin(page, pin)


def check_pin(page, pin: str) -> None:
    """Type a PIN and have it compared."""
    page.locator("#id_proof").fill(pin)
    with page.expect_response(lambda r: r.request.method == "POST" and "act=check" in (r.request.post_data or "")):
        page.get_by_role("button", name="Check").click()


def fill_problem(page) -> None:
    """The problem statement, the call-back and what triage asks."""
    page.get_by_label("Call-back number").fill("+61355500142")
    page.get_by_label("Read back and confirmed").check()
    page.get_by_label("What happens").fill("The line to the clinic has been dead since nine")
    page.get_by_label("Impact on their business").fill("No patient records")
    page.get_by_label("Service", exact=True).select_option(label="EPL-30112 Ethernet line")
    page.get_by_label("Category").select_option("network_interruption")
