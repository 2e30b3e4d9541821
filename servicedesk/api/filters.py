"""Filters by an allow-list: a parameter has one ORM path, a value of the right shape, and nothing else is asked."""

from django.core.exceptions import FieldDoesNotExist, FieldError, ValidationError
from django.db.models import QuerySet
from rest_framework.request import Request

from ledger.errors import Refused

MANY = 20


def filtered(rows: QuerySet, request: Request, filters: dict[str, str]) -> QuerySet:
    """Return `rows` narrowed by the query parameters in `filters` (parameter → ORM path).

    Several values, comma separated or repeated, mean any of them; a path that ends in `__isnull` or `__exact` takes
    true or false.
    Raises Refused("bad_request") for a value of the wrong shape.
    """
    for parameter, path in filters.items():
        given = [v for raw in request.query_params.getlist(parameter) for v in raw.split(",") if v]
        if not given:
            continue
        if len(given) > MANY or any(len(v) > 200 or "\x00" in v for v in given):
            raise Refused("bad_request", f"Give at most {MANY} values of at most 200 characters.", field=parameter)
        single = path.endswith(("__gte", "__lt", "__iexact", "__isnull", "__exact"))
        if single and len(given) > 1:
            raise Refused("bad_request", "Give one value.", field=parameter)
        if path.endswith("__overlap"):
            rows = rows.filter(**{path: given})
            continue
        try:
            rows = rows.filter(**({path: _typed(path, given[0])} if single else {f"{path}__in": given}))
        except (ValidationError, ValueError, TypeError, FieldError, FieldDoesNotExist):
            raise Refused("bad_request", f"{given[0][:40]} is not a value for {parameter}.", field=parameter) from None
    return rows


def _typed(path: str, value: str) -> object:
    if path.endswith(("__isnull", "__exact")):
        if value not in {"true", "false"}:
            raise ValueError(value)
        return value == "true"
    return value
