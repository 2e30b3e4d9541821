from dataclasses import replace

import pytest

from accounts.models import Contact
from accounts.queries import find_callers, numbers_of, who_is_calling
from catalogue.queries import find_customers


def found(text, actor):
    return [(m.name or m.organisation, m.matched_on) for m in find_customers(text, actor)]


@pytest.mark.rule("V-01")
@pytest.mark.rule("V-02")
@pytest.mark.parametrize(
    ("typed", "kind"),
    [
        ("+61 3 5550 0142", "number"),
        ("0061 3 5550 0142", "number"),
        ("(03) 5550 0142", "number"),
        ("61355500142", "number"),
        ("ADA@northgate.example", "email"),
        ("ada@", "email"),
        ("Ada Lund", "name"),
        ("ada", "name"),
        ("lund", "name"),
        ("ad", "name"),
        ("Ada Lundt", "name"),
    ],
)
def test_a_contact_is_found_however_she_is_typed(cast, typed, kind):
    assert found(typed, cast.bo_actor) == [("Ada Lund", kind)]


@pytest.mark.rule("V-02")
@pytest.mark.parametrize(
    ("typed", "kind"),
    [
        ("A-1000", "account"),
        ("a100001", "account"),
        ("EPL-301", "service"),
        ("epl-30112", "service"),
        ("northgate", "organisation"),
        ("Northgate Helth", "organisation"),
    ],
)
def test_an_organisation_is_found_by_account_service_and_name(cast, typed, kind):
    assert found(typed, cast.bo_actor) == [("Northgate Health Alliance", kind)]


@pytest.mark.rule("C-16")
@pytest.mark.parametrize(
    "typed", ["+61355500177", "dee@calder.example", "Dee Farouk", "A-207751", "EPL-30277", "Calder Mutual"]
)
def test_nobody_finds_what_another_region_or_tenant_holds(cast, typed):
    assert found(typed, cast.bo_actor) != []
    assert found(typed, replace(cast.bo_actor, regions=frozenset({"au"}))) == []
    assert found(typed, cast.ada_actor) == []


def test_a_match_names_the_organisation_and_whether_it_is_active(cast):
    Contact.objects.filter(pk=cast.ada.pk).update(active=False)

    match = find_callers("Ada Lund", cast.bo_actor)[0]

    assert (match.contact_uuid, match.organisation, match.account_number) == (
        cast.ada.uuid,
        "Northgate Health Alliance",
        "A-100001",
    )
    assert match.active is False


def test_an_erased_contact_is_never_found(cast, nine):
    Contact.objects.filter(pk=cast.ada.pk).update(erased_at=nine)
    assert who_is_calling("+61355500142") == [] and find_callers("Ada Lund", cast.bo_actor) == []


@pytest.mark.parametrize("typed", ["", " ", "x", "\x00\x00", "%%", "__", "++++", "nobody at all", "99999999"])
def test_nonsense_finds_nobody(cast, typed):
    assert find_customers(typed, cast.bo_actor) == []


@pytest.mark.parametrize("typed", ["+61355500142", "ada@northgate.example", "A-1", "EPL", "9 lives", "ada", "zzzz"])
def test_a_search_costs_three_queries_at_most(cast, django_assert_max_num_queries, typed):
    actor = cast.bo_actor
    with django_assert_max_num_queries(3):
        find_customers(typed, actor)


def test_a_national_number_is_read_by_the_hinted_region_first():
    assert numbers_of("020 7946 0018", frozenset({"uk"}))[0] == "+442079460018"
    assert numbers_of("ada@x.example 123456") == [] and numbers_of("12345") == []


@pytest.mark.rule("V-02")
def test_the_name_exactly_as_typed_comes_first_among_many_that_begin_so(cast, nine):
    Contact.objects.bulk_create(
        Contact(organisation=cast.northgate, name=f"Ada Lund Aab{n:03}", created_at=nine) for n in range(130)
    )
    matches = find_callers("ada lund", cast.bo_actor)
    assert matches[0].contact_uuid == cast.ada.uuid and len(matches) == 8
    assert all(match.name.startswith("Ada Lund") for match in matches)


@pytest.mark.rule("V-02")
def test_names_that_only_resemble_are_left_out_while_one_holds_the_text(cast):
    assert {m.organisation for m in find_callers("Northgate Health", cast.bo_actor)} == {"Northgate Health Alliance"}
    assert found("Northgat Healt Alliense", cast.bo_actor) == [("Northgate Health Alliance", "organisation")]
