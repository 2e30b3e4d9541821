import pytest
from allauth.account.models import EmailAddress
from django.core.cache import cache

from tests.accounts.signing import PASSWORD


@pytest.fixture
def bo(cast):
    """Bo with a password and a confirmed address, and no limit used up."""
    cache.clear()
    cast.bo.set_password(PASSWORD)
    cast.bo.save()
    EmailAddress.objects.create(user=cast.bo, email=cast.bo.email, verified=True, primary=True)
    return cast.bo
