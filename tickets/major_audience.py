"""Who hears of a major incident: contacts of affected customers, each in a language we write in."""

from collections import Counter

from django.db.models import QuerySet

from accounts.models import Contact
from tickets.models import MajorIncident

LANGUAGES = ("en", "zh-hans")


def audience(incident: MajorIncident) -> QuerySet[Contact]:
    """Return the contacts of customers affected now who can be written to and may report. Of each, whoever they are."""
    affected = incident.organisations.filter(removed_at=None).values("organisation_id")
    rows = Contact.objects.filter(organisation_id__in=affected, active=True, erased_at=None, may_report=True)
    return rows.exclude(email="").order_by("pk")


def languages_of(incident: MajorIncident) -> dict[str, int]:
    """Return {language: readers} of the audience now. 1 query."""
    return dict(Counter(language_of_reader(contact) for contact in audience(incident)))


def language_of_reader(contact: Contact) -> str:
    """Return the language among ours in which `contact` is written to."""
    return "zh-hans" if contact.language.lower().startswith("zh") else "en"
