"""The configuration pages speak the reader's language: what models and fields are called there, in words.

Django derives these names from the code ("latest_s" → "latest s"). `speak` puts the words of this page in their place;
migrations keep the derived names, so nothing of it reaches the database.
"""

from typing import Any

from django.apps import AppConfig, apps
from django.db.models import Model
from django.utils.translation import gettext_lazy
from django.utils.translation import gettext_noop as _

ROOMS = ("ledger", "accounts", "catalogue", "tickets", "escalation", "channels", "quality")

# Derived names that read well as they are; listed so that they are translated.
PLAIN = {
    _("People and customers"), _("Catalogue"), _("Tickets"), _("Escalation"), _("Channels"), _("Quality"),
    _("Ledger"), _("Service desk"),
    _("account team member"), _("account team members"), _("alert"), _("alerts"), _("anchor"), _("anchors"),
    _("approval rule"), _("approval rules"), _("functions"), _("steps"),
    _("call script"), _("call scripts"), _("text block"), _("text blocks"), _("body"), _("use"),
    _("calendar"), _("calendars"), _("contact"), _("contact phone"), _("contact phones"), _("contacts"),
    _("delivery attempt"), _("delivery attempts"), _("entitlement"), _("entitlements"), _("entries"), _("entry"),
    _("failure counter"), _("failure counters"), _("holiday"), _("holidays"), _("opening hours"), _("organisation"),
    _("organisations"), _("outbox message"), _("outbox messages"), _("playbook"), _("playbook step"),
    _("playbook steps"), _("playbooks"), _("policies"), _("policy"), _("policy version"), _("policy versions"),
    _("priority cell"), _("priority cells"), _("role grant"), _("role grants"), _("roster slot"), _("roster slots"),
    _("routing rule"), _("routing rules"), _("rule"), _("rules"), _("service"), _("service account"),
    _("service accounts"), _("services"), _("shift"), _("shifts"), _("site"), _("sites"), _("survey"), _("surveys"),
    _("team"), _("team membership"), _("team memberships"), _("teams"), _("user"), _("users"), _("verification"),
    _("verifications"),
    _("alternates"), _("greeting"), _("hint"), _("queue"), _("skill"),
    _("account number"), _("active"), _("address"), _("answered at"), _("attempts"), _("available"), _("breach"),
    _("category"), _("chain"), _("chains"), _("checks"), _("cleared at"), _("closes"), _("code"), _("comment"),
    _("conditions"), _("created at"), _("criticality"), _("current"), _("customer label"), _("data"), _("deputy"),
    _("due at"), _("email"), _("ended at"), _("ends"), _("erased at"), _("error"), _("expires at"), _("failures"),
    _("first at"), _("function"), _("groups"), _("hash"), _("holiday region"), _("impact"), _("interaction"),
    _("is active"), _("is staff"), _("job title"), _("key"), _("kind"), _("label"), _("language"), _("languages"),
    _("last error"), _("last login"), _("layer"), _("lease until"), _("locked until"), _("manager"), _("mandatory"),
    _("may approve"), _("may change"), _("may escalate"), _("may report"), _("monitoring keys"), _("name"),
    _("note"), _("notification"), _("number"), _("on entitlement calendar"), _("opens"), _("outbox"), _("outcome"),
    _("password"), _("pausable"), _("payload"), _("phone"), _("position"), _("preferred channel"), _("priority"),
    _("production"), _("proof"), _("public"), _("published at"), _("published by"), _("queue order"), _("raised at"),
    _("rating"), _("recipient"), _("region"), _("remote access"), _("response rating"), _("role"),
    _("roster"), _("round the clock"), _("scope"), _("scopes"), _("segment"), _("sent at"), _("service category"),
    _("service id"), _("severity"), _("skills"), _("slot"), _("specialists"), _("started at"), _("starts"), _("state"),
    _("status"), _("subject"), _("summary"), _("superuser status"), _("targets"), _("ticket"), _("tier"),
    _("time zone"), _("title"), _("topic"), _("type"), _("unit"), _("urgency"), _("user permissions"), _("valid from"),
    _("valid to"), _("variants"), _("version"), _("weekday"), _("weekend cover"), _("recurrence rule"),
    _("recurrence rules"), _("working days"), _("days"), _("notice lead"), _("notice leads"), _("faults"),
    _("read by"), _("read at"), _("read word"), _("weekdays"), _("entitled weekend"), _("hands over"),
}  # fmt: skip

# Derived names that say too little, and the words in their place; with the model's name before it, for that one only.
CLEARER = {
    "ack silence s": _("an acknowledgement holds back for, in seconds"),
    "opening hourss": _("opening hours"), "organisation segment": _("customer segment"),
    "actor kind": _("kind of actor"), "actor ref": _("reference of the actor"),
    "at": _("time"), "by": _("done by"), "chat url": _("chat address"), "complete": _("record is complete"),
    "diff": _("differences"), "end of day": _("at the end of that working day"), "enforce from": _("in force from"),
    "entitled": _("weekends by entitlement"),
    "due minutes": _("due, in minutes"), "during": _("period"), "expired recorded": _("expiry recorded"),
    "latest s": _("at the latest, in seconds"), "lease token": _("lease"), "max occurrences": _("times at most"),
    "n": _("number of the version"), "offset s": _("after, in seconds"), "on": _("day"), "pin hash": _("PIN, hashed"),
    "plan": _("plan of the contract"), "prev hash": _("hash before"), "provider ref": _("provider's reference"),
    "repeat s": _("repeats, in seconds"), "restart on": _("begins anew when"), "seq": _("position in the chain"),
    "silenced by ack": _("an acknowledgement holds it back"), "single keys": _("single-key shortcuts"),
    "stop on": _("stops on"), "subject id": _("number of the subject"), "traffic affecting": _("affects traffic"),
    "upstream": _("upstream sites"), "when": _("condition"),
}  # fmt: skip


def words_for(name: object) -> Any:
    """Return what to show for a derived name: a lazy text, or the name itself if it is not listed."""
    text = str(name)
    return gettext_lazy(CLEARER.get(text, text)) if text in CLEARER or text in PLAIN else text


def speak() -> None:
    """Rename rooms, models and fields on the configuration pages. Call it once, when all models are loaded."""
    for room in ROOMS:
        config: AppConfig = apps.get_app_config(room)
        config.verbose_name = words_for(config.verbose_name)
        for model in config.get_models():
            _rename(model)


def _rename(model: type[Model]) -> None:
    meta = model._meta
    meta.verbose_name, meta.verbose_name_plural = words_for(meta.verbose_name), words_for(meta.verbose_name_plural)
    for field in (*meta.fields, *meta.many_to_many):
        own = f"{meta.model_name} {field.verbose_name}"
        field.verbose_name = words_for(own if own in CLEARER else field.verbose_name)
