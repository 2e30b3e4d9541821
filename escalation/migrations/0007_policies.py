import django.contrib.postgres.constraints
import django.contrib.postgres.fields
import django.db.models.deletion
import ledger.ids
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("accounts", "0005_ways_to_reach_staff"),
        ("catalogue", "0001_initial"),
        ("escalation", "0006_proof"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="PolicyDraft",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("uuid", models.UUIDField(default=ledger.ids.uuid7, editable=False, unique=True)),
                ("shape", models.JSONField()),
                ("version", models.PositiveIntegerField(default=1)),
                ("begun_at", models.DateTimeField()),
                ("saved_at", models.DateTimeField()),
                ("comparison", models.JSONField(null=True)),
                ("compared_sha", models.CharField(blank=True, db_default="", max_length=64)),
                ("compared_at", models.DateTimeField(null=True)),
            ],
            options={
                "db_table": "esc_policy_draft",
            },
        ),
        migrations.CreateModel(
            name="PolicyMove",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("uuid", models.UUIDField(default=ledger.ids.uuid7, editable=False, unique=True)),
                (
                    "fire",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.CharField(max_length=12), default=list, size=None
                    ),
                ),
                (
                    "state",
                    models.CharField(
                        choices=[("running", "Running"), ("done", "Done"), ("stopped", "Stopped")],
                        default="running",
                        max_length=8,
                    ),
                ),
                ("total", models.PositiveIntegerField()),
                ("moved", models.PositiveIntegerField(default=0)),
                ("left", models.PositiveIntegerField(default=0)),
                ("after_id", models.BigIntegerField(default=0)),
                ("round_no", models.PositiveSmallIntegerField(default=1)),
                ("begun_at", models.DateTimeField()),
                ("touched_at", models.DateTimeField()),
                ("ended_at", models.DateTimeField(null=True)),
            ],
            options={
                "db_table": "esc_policy_move",
                "ordering": ["-begun_at"],
            },
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
            ],
            options={
                "db_table": "esc_roster_plan",
                "ordering": ["name"],
            },
        ),
        migrations.CreateModel(
            name="RosterFeed",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("uuid", models.UUIDField(default=ledger.ids.uuid7, editable=False, unique=True)),
                ("digest", models.CharField(max_length=64, unique=True)),
                ("made_at", models.DateTimeField()),
                ("revoked_at", models.DateTimeField(blank=True, null=True)),
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
            ],
            options={
                "db_table": "esc_roster_layer",
                "ordering": ["-position", "name", "from_at"],
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
            ],
            options={
                "db_table": "esc_roster_override",
                "ordering": ["from_at"],
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
            ],
            options={
                "db_table": "esc_roster_swap",
                "ordering": ["from_at"],
            },
        ),
        migrations.AddField(
            model_name="clock",
            name="chain",
            field=models.CharField(blank=True, db_default="", default="", max_length=80),
        ),
        migrations.AddField(
            model_name="clock",
            name="organisation",
            field=models.ForeignKey(
                db_index=False,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="accounts.organisation",
            ),
        ),
        migrations.AddField(
            model_name="clock",
            name="people",
            field=models.JSONField(blank=True, db_default=models.Value({}, models.JSONField()), default=dict),
        ),
        migrations.AddField(
            model_name="clock",
            name="silenced_until",
            field=models.DateTimeField(null=True),
        ),
        migrations.AddField(
            model_name="policyversion",
            name="ack_silence_s",
            field=models.PositiveIntegerField(blank=True, null=True),
        ),
        migrations.AddField(
            model_name="policyversion",
            name="diff",
            field=models.JSONField(blank=True, db_default=models.Value({}, models.JSONField()), default=dict),
        ),
        migrations.AddField(
            model_name="policyversion",
            name="enforce_from",
            field=models.DateTimeField(blank=True, null=True),
        ),
        migrations.AddField(
            model_name="policyversion",
            name="note",
            field=models.TextField(blank=True, db_default="", default=""),
        ),
        migrations.AddField(
            model_name="rosterslot",
            name="entitled",
            field=models.BooleanField(db_default=False, default=False),
        ),
        migrations.AddField(
            model_name="rule",
            name="end_of_day",
            field=models.BooleanField(db_default=False, default=False),
        ),
        migrations.AddField(
            model_name="rule",
            name="restart_on",
            field=django.contrib.postgres.fields.ArrayField(
                base_field=models.CharField(max_length=40), blank=True, db_default=[], default=list, size=None
            ),
        ),
        migrations.AddField(
            model_name="rule",
            name="silenced_by_ack",
            field=models.BooleanField(db_default=False, default=False),
        ),
        migrations.AddField(
            model_name="rule",
            name="unit",
            field=models.CharField(
                choices=[("s", "Seconds on the clock"), ("work_day", "Working days")],
                db_default="s",
                default="s",
                max_length=8,
            ),
        ),
        migrations.AlterField(
            model_name="clock",
            name="subject_kind",
            field=models.CharField(max_length=16),
        ),
        migrations.AlterField(
            model_name="firing",
            name="outcome",
            field=models.CharField(
                choices=[
                    ("paged", "Paged"),
                    ("no_recipient", "Nobody to page"),
                    ("collapsed", "Missed, in one page"),
                    ("moot", "Stopped before it fired"),
                    ("shown", "Shown on the board"),
                ],
                max_length=12,
            ),
        ),
        migrations.AlterField(
            model_name="policy",
            name="subject",
            field=models.CharField(
                choices=[
                    ("ticket", "Ticket"),
                    ("escalation", "Escalation"),
                    ("interaction", "Call or other contact"),
                    ("message", "Message"),
                    ("commitment", "Promise"),
                    ("work_item", "Step of a plan"),
                    ("handover", "Shift handover"),
                    ("major_incident", "Major incident"),
                ],
                max_length=16,
            ),
        ),
        migrations.AddConstraint(
            model_name="rule",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("code__in", ("F-2", "T-4", "T-5")), _negated=True),
                    ("silenced_by_ack", False),
                    _connector="OR",
                ),
                name="rule_never_silenced",
            ),
        ),
        migrations.AddConstraint(
            model_name="rule",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("unit", "work_day"), _negated=True),
                    models.Q(("latest_s", None), ("pausable", False), ("repeat_s", None)),
                    _connector="OR",
                ),
                name="rule_work_day_is_whole",
            ),
        ),
        migrations.AddField(
            model_name="policydraft",
            name="base",
            field=models.ForeignKey(
                null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="escalation.policyversion"
            ),
        ),
        migrations.AddField(
            model_name="policydraft",
            name="begun_by",
            field=models.ForeignKey(
                null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
            ),
        ),
        migrations.AddField(
            model_name="policydraft",
            name="compared_by",
            field=models.ForeignKey(
                null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
            ),
        ),
        migrations.AddField(
            model_name="policydraft",
            name="policy",
            field=models.OneToOneField(
                on_delete=django.db.models.deletion.PROTECT, related_name="draft", to="escalation.policy"
            ),
        ),
        migrations.AddField(
            model_name="policydraft",
            name="saved_by",
            field=models.ForeignKey(
                null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
            ),
        ),
        migrations.AddField(
            model_name="policymove",
            name="begun_by",
            field=models.ForeignKey(
                null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
            ),
        ),
        migrations.AddField(
            model_name="policymove",
            name="policy",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="moves", to="escalation.policy"
            ),
        ),
        migrations.AddField(
            model_name="policymove",
            name="to",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="+", to="escalation.policyversion"
            ),
        ),
        migrations.AddField(
            model_name="roster",
            name="calendar",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="catalogue.calendar",
            ),
        ),
        migrations.AddField(
            model_name="roster",
            name="deputy",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.SET_NULL,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
            ),
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
        migrations.AddField(
            model_name="rosterfeed",
            name="user",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE, related_name="roster_feeds", to=settings.AUTH_USER_MODEL
            ),
        ),
        migrations.AddField(
            model_name="rosterlayer",
            name="roster",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="layers", to="escalation.roster"
            ),
        ),
        migrations.AddField(
            model_name="rosteroverride",
            name="made_by",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AddField(
            model_name="rosteroverride",
            name="roster",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="overrides", to="escalation.roster"
            ),
        ),
        migrations.AddField(
            model_name="rosteroverride",
            name="user",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="roster_overrides",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AddField(
            model_name="rosterswap",
            name="asker",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="swaps_asked", to=settings.AUTH_USER_MODEL
            ),
        ),
        migrations.AddField(
            model_name="rosterswap",
            name="other",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="swaps_offered", to=settings.AUTH_USER_MODEL
            ),
        ),
        migrations.AddField(
            model_name="rosterswap",
            name="roster",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="swaps", to="escalation.roster"
            ),
        ),
        migrations.AddField(
            model_name="rosteroverride",
            name="swap",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="overrides",
                to="escalation.rosterswap",
            ),
        ),
        migrations.AddConstraint(
            model_name="policymove",
            constraint=models.UniqueConstraint(
                condition=models.Q(("state", "running")), fields=("policy",), name="policy_one_move_at_a_time"
            ),
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
