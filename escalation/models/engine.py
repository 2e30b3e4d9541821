"""The drivers' heart-beats, and the stretches nobody beat in (I16)."""

from django.db import models


class Engine(models.Model):
    """Heart-beats of the drivers: beat's worker and the plain process."""

    engine_id = models.CharField(max_length=60, primary_key=True)
    kind = models.CharField(max_length=12)  # celery | process
    beat_at = models.DateTimeField()
    last_claim_at = models.DateTimeField(null=True)
    fired = models.PositiveBigIntegerField(default=0)

    class Meta:
        db_table = "esc_engine"

    def __str__(self) -> str:
        return self.engine_id


class Gap(models.Model):
    """A stretch with no engine at all (I16)."""

    from_at = models.DateTimeField()
    to_at = models.DateTimeField()
    cause = models.CharField(max_length=80)

    class Meta:
        db_table = "esc_gap"

    def __str__(self) -> str:
        return f"{self.from_at} – {self.to_at}"
