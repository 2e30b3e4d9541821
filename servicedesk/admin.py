"""What other packages would put on the configuration pages and we do not show: secrets, tokens, sessions."""

import allauth.account.admin
import allauth.mfa.admin
import allauth.usersessions.admin  # noqa: F401
import django.contrib.auth.admin  # noqa: F401
import knox.admin  # noqa: F401
from allauth.account.models import EmailAddress, EmailConfirmation
from allauth.mfa.models import Authenticator
from allauth.usersessions.models import UserSession
from django.contrib import admin
from django.contrib.auth.models import Group
from knox.models import AuthToken

for hidden in (Authenticator, AuthToken, EmailAddress, EmailConfirmation, Group, UserSession):
    if admin.site.is_registered(hidden):
        admin.site.unregister(hidden)
