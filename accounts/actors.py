"""From a sign-in to the Actor that commands and queries take."""

from django.db.models import Q

from accounts.models import AccountTeamMember, Contact, ServiceAccount, User
from ledger.actor import Actor


def actor_for(user: User, *, via: str = "web") -> Actor:
    """Return the Actor of a signed-in user. Staff: 4 queries; a contact: 1; a service account: 1.

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
    grants = list(user.role_grants.values_list("role", "region"))
    ladder = list(
        AccountTeamMember.objects.filter(Q(user=user) | Q(deputy=user)).values_list("role", "organisation_id")
    )
    regions = {region for _, region in grants}
    return Actor(
        kind="staff",
        ref=str(user.uuid),
        name=user.name,
        user_id=user.pk,
        roles=frozenset(role for role, _ in grants) | frozenset(role for role, _ in ladder),
        team_ids=frozenset(user.memberships.values_list("team_id", flat=True)),
        regions=frozenset() if not grants or "" in regions else frozenset(regions),
        ladder_organisation_ids=frozenset(pk for _, pk in ladder if pk),
        company_wide=any(pk is None for _, pk in ladder),
        time_zone=user.time_zone,
        language=user.language,
        via=via,
    )


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
