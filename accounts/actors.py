"""From a sign-in to the Actor that commands and queries take."""

from django.db.models import BigIntegerField, CharField, Q, Value

from accounts.models import AccountTeamMember, Contact, ServiceAccount, User
from ledger.actor import Actor

_GRANT, _LADDER, _TEAM = "grant", "ladder", "team"


def actor_for(user: User, *, via: str = "web") -> Actor:
    """Return the Actor of a signed-in user. Staff: 1 query; a contact: 1; a service account: 1.

    Raises PermissionError if the user is inactive, or a contact whose record is gone or inactive.
    """
    if not user.is_active:
        raise PermissionError("inactive")
    if user.kind == User.Kind.CONTACT:
        return contact_actor(Contact.objects.filter(user=user, active=True).first(), user, via=via)
    if user.kind == User.Kind.SERVICE:
        return _service_actor(user, via)
    return _staff_actor(user, via)


def contact_actor(contact: Contact | None, user: User | None = None, *, via: str = "web") -> Actor:
    """Return the Actor of a customer's contact, limited to its organisation. Raises PermissionError for None."""
    if contact is None:
        raise PermissionError("no active contact")
    return Actor(
        kind="contact",
        ref=str(contact.uuid),
        name=contact.name,
        user_id=user.pk if user else None,
        contact_id=contact.pk,
        organisation_ids=frozenset({contact.organisation_id}),
        authorities=contact.authorities,
        time_zone=user.time_zone if user else "UTC",
        language=contact.language,
        via=via,
    )


def _staff_actor(user: User, via: str) -> Actor:
    held = _held_by(user)
    grants = [(role, region) for what, role, region, _key in held if what == _GRANT]
    ladder = [(role, key) for what, role, _region, key in held if what == _LADDER]
    regions = {region for _, region in grants}
    return Actor(
        kind="staff",
        ref=str(user.uuid),
        name=user.name,
        user_id=user.pk,
        roles=frozenset(role for role, _ in grants) | frozenset(role for role, _ in ladder),
        team_ids=frozenset(key for what, _role, _region, key in held if what == _TEAM and key),
        regions=frozenset() if not grants or "" in regions else frozenset(regions),
        ladder_organisation_ids=frozenset(pk for _, pk in ladder if pk),
        company_wide=any(pk is None for _, pk in ladder),
        time_zone=user.time_zone,
        language=user.language,
        via=via,
    )


def _held_by(user: User) -> list[tuple[str, str, str, int | None]]:
    """Roles with their region, places on account teams with their organisation, teams: (what, role, region, key), as
    one query, because every page of every colleague asks it."""
    words, key = CharField(), BigIntegerField()
    nothing, nobody = Value("", output_field=words), Value(None, output_field=key)

    def what(kind: str) -> Value:
        return Value(kind, output_field=words)

    grants = user.role_grants.values_list(what(_GRANT), "role", "region", nobody)
    held = AccountTeamMember.objects.filter(Q(user=user) | Q(deputy=user))
    ladder = held.values_list(what(_LADDER), "role", nothing, "organisation_id")
    teams = user.memberships.values_list(what(_TEAM), nothing, nothing, "team_id")
    return list(grants.order_by().union(ladder.order_by(), teams.order_by(), all=True))


def _service_actor(user: User, via: str) -> Actor:
    account = ServiceAccount.objects.filter(user=user).first()
    if account is None:
        raise PermissionError("no service account")
    bound = frozenset({account.organisation_id}) if account.organisation_id else None
    return Actor(
        kind="integration",
        ref=str(user.uuid),
        name=user.name,
        user_id=user.pk,
        organisation_ids=bound,
        scopes=frozenset(account.scopes),
        via=via,
    )
