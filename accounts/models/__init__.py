"""Whom we serve and who serves them."""

from accounts.models.absence import Absence
from accounts.models.contact import Contact, ContactPhone, OneTimeCode, SecurityQuestion
from accounts.models.organisation import Organisation
from accounts.models.staff import AccountTeamMember, RoleGrant, ServiceAccount, Team, TeamMembership
from accounts.models.user import User
from accounts.models.verification import FailureCounter, Verification
from accounts.models.ways import ContactMethod

__all__ = [
    "Absence",
    "AccountTeamMember",
    "Contact",
    "ContactMethod",
    "ContactPhone",
    "FailureCounter",
    "OneTimeCode",
    "Organisation",
    "RoleGrant",
    "SecurityQuestion",
    "ServiceAccount",
    "Team",
    "TeamMembership",
    "User",
    "Verification",
]
