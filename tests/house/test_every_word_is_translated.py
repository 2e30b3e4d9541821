"""Simplified Chinese is complete (decisions 14): no word missing, empty, fuzzy or stale, no placeholder lost."""

import re

import polib
from django.contrib import admin
from django.utils import translation

from tests.house import words


def catalogue() -> polib.POFile:
    return polib.pofile(str(words.PO))


def test_every_word_of_the_product_stands_in_the_catalogue_and_no_other():
    listed = {(e.msgctxt, e.msgid, e.msgid_plural or None) for e in catalogue()}

    assert words.in_the_product() - listed == set()
    assert listed - words.in_the_product() == set()


def test_no_entry_is_empty_or_fuzzy():
    entries = catalogue()

    assert [e.msgid for e in entries.untranslated_entries()] == []
    assert [e.msgid for e in entries.fuzzy_entries()] == []


def test_every_placeholder_survives_the_translation():
    placeholder = re.compile(r"%\([a-z_]+\)[sd]|\{[a-z_]*\}")
    lost = [
        e.msgid
        for e in catalogue()
        for text in ([e.msgstr] if not e.msgid_plural else list(e.msgstr_plural.values()))
        if set(placeholder.findall(e.msgid_plural or e.msgid)) - set(placeholder.findall(text))
    ]

    assert lost == []


def test_the_compiled_catalogue_is_the_one_in_the_repository():
    compiled = polib.mofile(str(words.PO.with_suffix(".mo")))

    assert {(e.msgctxt, e.msgid, e.msgstr) for e in compiled} == {
        (e.msgctxt, e.msgid, e.msgstr) for e in catalogue().translated_entries()
    }


def test_the_configuration_pages_name_models_and_fields_in_chinese():
    technical = {"ID", "id", "uuid", "sha256", "token sha256"}
    registry = admin.site._registry
    models = {*registry, *(inline.model for page in registry.values() for inline in page.inlines)}
    ours = [model for model in models if model.__module__.split(".")[0] in words.ROOMS]

    with translation.override("zh-hans"):
        names = {str(model._meta.verbose_name) for model in ours}
        names |= {str(field.verbose_name) for model in ours for field in model._meta.fields}

    assert {name for name in names if not re.search("[一-鿿]", name)} - technical == set()
