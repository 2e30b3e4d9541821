import django.contrib.postgres.constraints
import django.contrib.postgres.fields
import django.db.models.deletion
import ledger.ids
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("accounts", "0001_initial"),
        ("catalogue", "0001_initial"),
        ("escalation", "0004_rules"),
    ]

    operations = [
        migrations.AddField(
            model_name="rosterslot",
            name="entitled",
            field=models.BooleanField(db_default=False, default=False),
        ),
        migrations.CreateModel(
            name="Roster",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("uuid", models.UUIDField(default=ledger.ids.uuid7, editable=False, unique=True)),
                ("name", models.CharField(max_length=80)),
                ("role", models.CharField(max_length=60)),
                ("scope", models.CharField(default="global", max_length=60)),
                ("time_zone", models.CharField(default="UTC", max_length=64)),
                ("created_at", models.DateTimeField()),
                ("retired_at", models.DateTimeField(blank=True, null=True)),
                ("filled_until", models.DateTimeField(blank=True, null=True)),
                (
                    "calendar",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="catalogue.calendar",
                    ),
                ),
                (
                    "deputy",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "db_table": "esc_roster_plan",
                "ordering": ["name"],
            },
        ),
        migrations.AddField(
            model_name="rosterslot",
            name="roster",
            field=models.ForeignKey(
                blank=True,
                editable=False,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="slots",
                to="escalation.roster",
            ),
        ),
        migrations.CreateModel(
            name="RosterFeed",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("uuid", models.UUIDField(default=ledger.ids.uuid7, editable=False, unique=True)),
                ("digest", models.CharField(max_length=64, unique=True)),
                ("made_at", models.DateTimeField()),
                ("revoked_at", models.DateTimeField(blank=True, null=True)),
                (
                    "user",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="roster_feeds",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "db_table": "esc_roster_feed",
            },
        ),
        migrations.CreateModel(
            name="RosterLayer",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("uuid", models.UUIDField(default=ledger.ids.uuid7, editable=False, unique=True)),
                ("name", models.CharField(max_length=60)),
                ("position", models.PositiveSmallIntegerField(default=1)),
                ("base", models.BooleanField(default=False)),
                ("time_zone", models.CharField(max_length=64)),
                (
                    "unit",
                    models.CharField(
                        choices=[("hour", "Hours"), ("day", "Days"), ("week", "Weeks")], default="week", max_length=4
                    ),
                ),
                ("length", models.PositiveSmallIntegerField(default=1)),
                ("handoff", models.TimeField()),
                ("starts_on", models.DateField()),
                ("members", django.contrib.postgres.fields.ArrayField(base_field=models.BigIntegerField(), size=None)),
                ("windows", models.JSONField(blank=True, default=list)),
                ("entitled_weekend", models.BooleanField(default=False)),
                ("from_at", models.DateTimeField()),
                ("to_at", models.DateTimeField(blank=True, null=True)),
                (
                    "roster",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="layers", to="escalation.roster"
                    ),
                ),
            ],
            options={
                "db_table": "esc_roster_layer",
                "ordering": ["-position", "name", "from_at"],
            },
        ),
        migrations.CreateModel(
            name="RosterSwap",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("uuid", models.UUIDField(default=ledger.ids.uuid7, editable=False, unique=True)),
                ("from_at", models.DateTimeField()),
                ("to_at", models.DateTimeField()),
                ("back_from_at", models.DateTimeField(blank=True, null=True)),
                ("back_to_at", models.DateTimeField(blank=True, null=True)),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("asked", "Asked"),
                            ("accepted", "Accepted"),
                            ("declined", "Declined"),
                            ("withdrawn", "Withdrawn"),
                        ],
                        default="asked",
                        max_length=9,
                    ),
                ),
                ("asked_at", models.DateTimeField()),
                ("answered_at", models.DateTimeField(blank=True, null=True)),
                (
                    "asker",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="swaps_asked",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "other",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="swaps_offered",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "roster",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="swaps", to="escalation.roster"
                    ),
                ),
            ],
            options={
                "db_table": "esc_roster_swap",
                "ordering": ["from_at"],
            },
        ),
        migrations.CreateModel(
            name="RosterOverride",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("uuid", models.UUIDField(default=ledger.ids.uuid7, editable=False, unique=True)),
                ("from_at", models.DateTimeField()),
                ("to_at", models.DateTimeField()),
                ("made_at", models.DateTimeField()),
                ("removed_at", models.DateTimeField(blank=True, null=True)),
                (
                    "made_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "roster",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="overrides", to="escalation.roster"
                    ),
                ),
                (
                    "user",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="roster_overrides",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "swap",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="overrides",
                        to="escalation.rosterswap",
                    ),
                ),
            ],
            options={
                "db_table": "esc_roster_override",
                "ordering": ["from_at"],
            },
        ),
        migrations.AddConstraint(
            model_name="roster",
            constraint=models.UniqueConstraint(
                condition=models.Q(("retired_at", None)), fields=("role", "scope"), name="roster_once"
            ),
        ),
        migrations.AddConstraint(
            model_name="rosterfeed",
            constraint=models.UniqueConstraint(
                condition=models.Q(("revoked_at", None)), fields=("user",), name="roster_feed_once"
            ),
        ),
        migrations.AddConstraint(
            model_name="rosterlayer",
            constraint=models.CheckConstraint(condition=models.Q(("length__gt", 0)), name="layer_length"),
        ),
        migrations.AddConstraint(
            model_name="rosterlayer",
            constraint=models.CheckConstraint(
                condition=models.Q(("to_at", None), ("to_at__gte", models.F("from_at")), _connector="OR"),
                name="layer_ends",
            ),
        ),
        migrations.AddConstraint(
            model_name="rosterlayer",
            constraint=models.UniqueConstraint(
                condition=models.Q(("to_at", None)), fields=("roster", "name"), name="layer_name_once"
            ),
        ),
        migrations.AddConstraint(
            model_name="rosterswap",
            constraint=models.CheckConstraint(condition=models.Q(("to_at__gt", models.F("from_at"))), name="swap_ends"),
        ),
        migrations.AddConstraint(
            model_name="rosterswap",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("back_from_at", None), ("back_to_at", None)),
                    ("back_to_at__gt", models.F("back_from_at")),
                    _connector="OR",
                ),
                name="swap_back_whole",
            ),
        ),
        migrations.AddConstraint(
            model_name="rosteroverride",
            constraint=models.CheckConstraint(
                condition=models.Q(("to_at__gte", models.F("from_at"))), name="override_ends"
            ),
        ),
        migrations.AddConstraint(
            model_name="rosteroverride",
            constraint=django.contrib.postgres.constraints.ExclusionConstraint(
                expressions=[
                    ("roster", "="),
                    (models.Func(models.F("from_at"), models.F("to_at"), function="tstzrange"), "&&"),
                ],
                name="override_no_overlap",
            ),
        ),
    ]
