"""The cast of a whole desk: sign-ins with passwords, a PIN, a token. Run inside the desk's own `manage.py shell`."""

import json

PASSWORD, PIN = "four-words-nobody-guesses", "482913"
SCOPES = ["tickets:read", "tickets:write", "notes:internal", "customers:read", "escalations:read", "escalations:write"]


def furnish() -> None:
    """Make the cast and print what the tests need to know of it, as JSON."""
    from knox.models import AuthToken

    from accounts.models import AccountTeamMember, ServiceAccount, User
    from accounts.verification import set_pin
    from ledger import clock
    from tests.factories.cast import make_cast, staff

    cast, at = make_cast(), clock.now()
    for role, name in {"director_support": "Naveen Rao", "vp_customer_experience": "Wu Fang"}.items():
        AccountTeamMember.objects.filter(organisation=None, role=role).update(
            deputy=staff(f"deputy.{role}@desk.example", name)
        )
    set_pin(contact_id=cast.ada.pk, pin=PIN, actor=cast.ada_actor, at=at)
    for user in User.objects.exclude(kind="service"):
        user.set_password(PASSWORD)
        user.save(update_fields=["password"])
    robot = User.objects.create_user("noc@integrations.example", None, name="NOC robot", kind="service")
    ServiceAccount.objects.create(user=robot, scopes=SCOPES)
    said = {
        "token": AuthToken.objects.create(user=robot)[1],
        "organisation": str(cast.northgate.uuid), "ada": str(cast.ada.uuid), "service": cast.service.service_id,
        "sam": str(cast.sam.uuid), "noc": str(cast.noc.uuid), "l1": str(cast.l1.uuid),
    }  # fmt: skip
    print(json.dumps(said))
