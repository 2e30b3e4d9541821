"""What tests of fault reports at the desk share: whole words, and posting the form as a browser would."""

from django.urls import reverse

WRITTEN = {
    "title": "Calls refused", "summary": "Calls from outside were refused.", "cause": "A codec was removed.",
    "repair": "The codec was put back.", "prevention": "Both sides are compared first.",
    "began_at": "2026-06-15T09:00", "ended_at": "2026-06-15T09:41",
}  # fmt: skip


def fields_of(page, **fields) -> dict[str, str]:
    """What a browser would send back from the page of the draft."""
    forms = [page.context["form"], *page.context["people"], *page.context["measures"]]
    forms += [page.context[name].management_form for name in ("people", "measures")]
    bound = [field for form in forms for field in form]
    sent = {f.html_name: f.value() for f in bound if f.value() is not None and f.value() is not False}
    sent = {k: v.strftime("%Y-%m-%dT%H:%M") if hasattr(v, "strftime") else str(v) for k, v in sent.items()}
    return sent | fields


def write(client, draft, act="save", **fields):
    address = reverse("desk:report-edit", args=[draft.uuid])
    return client.post(address, fields_of(client.get(address), act=act, **fields))
