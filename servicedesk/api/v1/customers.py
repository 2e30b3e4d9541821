"""Organisations, contacts, sites, services, entitlements: read with filters and cursors."""

from django.db.models import QuerySet
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import mixins, viewsets

from accounts.models import Contact, Organisation
from catalogue.models import Entitlement, Service, Site
from servicedesk.api.base import Door
from servicedesk.api.filters import filtered
from servicedesk.api.pagination import Cursor
from servicedesk.api.v1 import shapes

ORGANISATION = OpenApiParameter("organisation", OpenApiTypes.UUID, description="Id of the organisation")


class Read(Door, mixins.ListModelMixin, mixins.RetrieveModelMixin, viewsets.GenericViewSet):
    """A read-only resource by public id. `filters` = parameter → ORM path."""

    pagination_class = Cursor
    lookup_field = "uuid"
    lookup_value_regex = "[0-9a-f-]{36}"
    filters: dict[str, str] = {}
    scopes = {"read": "customers:read", "write": "customers:read"}

    @property
    def parameters(self) -> frozenset[str]:
        """The filters are the known parameters, on lists only."""
        return frozenset(self.filters) if self.action == "list" else frozenset()

    def rows(self) -> QuerySet:
        """Return what the actor may see, with its relations."""
        raise NotImplementedError(type(self).__name__)

    def get_queryset(self) -> QuerySet:
        """Return the visible rows, narrowed by the filters given."""
        rows = self.rows()
        return filtered(rows, self.request, self.filters) if self.action == "list" else rows


@extend_schema(tags=["organisations"])
class Organisations(Read):
    """Customers."""

    serializer_class = shapes.OrganisationOut
    queryset = Organisation.objects.none()
    filters = {"account_number": "account_number", "status": "status", "region": "region", "segment": "segment"}

    def rows(self) -> QuerySet:
        """Return the visible organisations."""
        return Organisation.objects.visible_to(self.actor)


@extend_schema(tags=["contacts"])
class Contacts(Read):
    """People of customers."""

    serializer_class = shapes.ContactOut
    queryset = Contact.objects.none()
    filters = {"organisation": "organisation__uuid", "email": "email__iexact", "phone": "phones__number"}

    def rows(self) -> QuerySet:
        """Return the visible contacts."""
        return Contact.objects.visible_to(self.actor).select_related("organisation").prefetch_related("phones")


@extend_schema(tags=["sites"])
class Sites(Read):
    """Places of customers."""

    serializer_class = shapes.SiteOut
    queryset = Site.objects.none()
    filters = {"organisation": "organisation__uuid", "region": "region"}

    def rows(self) -> QuerySet:
        """Return the visible sites."""
        return Site.objects.visible_to(self.actor).select_related("organisation")


@extend_schema(tags=["services"])
class Services(Read):
    """Registered services."""

    serializer_class = shapes.ServiceOut
    queryset = Service.objects.none()
    filters = {"organisation": "organisation__uuid", "service_id": "service_id", "type": "type", "state": "state"}

    def rows(self) -> QuerySet:
        """Return the visible services."""
        return Service.objects.visible_to(self.actor).select_related("organisation", "site")


@extend_schema(tags=["entitlements"])
class Entitlements(Read):
    """What organisations were promised."""

    serializer_class = shapes.EntitlementOut
    queryset = Entitlement.objects.none()
    filters = {"organisation": "organisation__uuid"}

    def rows(self) -> QuerySet:
        """Return the entitlements of visible organisations."""
        return Entitlement.objects.filter(organisation__in=Organisation.objects.visible_to(self.actor)).select_related(
            "organisation", "calendar"
        )
