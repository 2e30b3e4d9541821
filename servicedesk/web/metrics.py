"""`/metrics` in Prometheus' text format, for operators and for monitors with the health token (contract)."""

from collections.abc import Iterator

from django.http import Http404, HttpRequest, HttpResponse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe
from prometheus_client import CONTENT_TYPE_LATEST, CollectorRegistry, generate_latest
from prometheus_client.core import GaugeHistogramMetricFamily, GaugeMetricFamily, Metric
from prometheus_client.registry import Collector

from escalation.measures import Measures, measure
from ledger import clock
from servicedesk.web.engine_health import may_see
from servicedesk.web.middleware import signed_out


class Reading(Collector):
    """One reading of the engine as metrics. Nothing is counted in this process: every figure comes from rows."""

    def __init__(self, seen: Measures) -> None:
        self.seen = seen

    def collect(self) -> Iterator[Metric]:
        """Yield each metric."""
        seen = self.seen
        yield _gauge("desk_engine_lag_seconds", "Age of the oldest due timer", seen.health.lag_s)
        yield _gauge(
            "desk_oldest_pending_notification_seconds", "Age of the oldest page not sent",
            seen.health.oldest_notification_s,
        )  # fmt: skip
        yield GaugeHistogramMetricFamily(
            "desk_firing_lateness_seconds", "Lateness of the last hour's firings",
            buckets=list(seen.lateness.items()), gsum_value=seen.lateness_sum,
        )  # fmt: skip
        yield _labelled("desk_firings_last_hour", "Firings of the last hour", "outcome", seen.outcomes)
        yield _labelled("desk_open_alarms", "Alarms nobody has settled", "kind", seen.open_alarms)
        yield _labelled("desk_engine_beat_age_seconds", "Age of an engine's beat", "engine", seen.health.engines)
        yield _gauge("desk_engine_gap_seconds", "Time of the last day without any engine", seen.gap_s)
        yield _gauge("desk_database_deadlocks", "Deadlocks since the database's statistics began", seen.deadlocks)
        yield _gauge("desk_database_oldest_snapshot_seconds", "Age of the oldest snapshot held", seen.oldest_xmin_s)


@never_cache
@require_safe
def metrics(request: HttpRequest) -> HttpResponse:
    """Answer the reading of this moment; strangers learn nothing."""
    allowed = may_see(request)
    if allowed is None:
        return signed_out(request)
    if not allowed:
        raise Http404
    registry = CollectorRegistry(auto_describe=False)
    registry.register(Reading(measure(clock.database_now())))
    return HttpResponse(generate_latest(registry), content_type=CONTENT_TYPE_LATEST)


metrics.who = "supervisor, duty_manager, administrator, or DESK_HEALTH_TOKEN"


def _gauge(name: str, text: str, value: float) -> Metric:
    return GaugeMetricFamily(name, text, value=value)


def _labelled(name: str, text: str, label: str, values: dict) -> Metric:
    family = GaugeMetricFamily(name, text, labels=[label])
    for key, value in values.items():
        family.add_metric([str(key)], value)
    return family
