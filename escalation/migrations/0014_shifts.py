"""Shifts and handovers (A-04, A-05)."""

import django.contrib.postgres.indexes
import django.core.validators
import django.db.models.deletion
import django.db.models.functions.text
import ledger.ids
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    """Shifts and handovers (A-04, A-05)."""

    dependencies = [("escalation", "0013_second_reader")]

    operations = [
        migrations.AddField(
            model_name="shift",
            name="entitled_weekend",
            field=models.BooleanField(db_default=False, default=False),
        ),
        migrations.AddField(
            model_name="shift",
            name="hands_over",
            field=models.BooleanField(db_default=True, default=True),
        ),
        migrations.AddField(
            model_name="shift",
            name="region",
            field=models.CharField(blank=True, db_default="", default="", max_length=32),
        ),
        migrations.AddField(
            model_name="shift",
            name="roster",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.SET_NULL,
                related_name="shifts",
                to="escalation.roster",
            ),
        ),
        migrations.AddField(
            model_name="shift",
            name="team",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="shifts",
                to="accounts.team",
            ),
        ),
        migrations.AddField(
            model_name="shift",
            name="weekdays",
            field=models.CharField(
                db_default="0123456",
                default="0123456",
                help_text="Days it begins on: 0 is Monday, 6 is Sunday",
                max_length=7,
                validators=[django.core.validators.RegexValidator("^[0-6]+$")],
            ),
        ),
        migrations.CreateModel(
            name="Handover",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("uuid", models.UUIDField(default=ledger.ids.uuid7, editable=False, unique=True)),
                ("version", models.PositiveIntegerField(default=1)),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("draft", "Draft"),
                            ("signed", "Signed"),
                            ("accepted", "Accepted"),
                            ("lapsed", "Never accepted"),
                        ],
                        default="draft",
                        max_length=8,
                    ),
                ),
                ("region", models.CharField(blank=True, default="", max_length=32)),
                ("ends_at", models.DateTimeField()),
                ("starts_at", models.DateTimeField()),
                ("until", models.DateTimeField()),
                ("opened_at", models.DateTimeField()),
                ("drafted_at", models.DateTimeField()),
                ("signed_at", models.DateTimeField(null=True)),
                ("accepted_at", models.DateTimeField(null=True)),
                ("expired_at", models.DateTimeField(null=True)),
                ("figures", models.JSONField(default=dict)),
                ("changes", models.JSONField(default=list)),
                ("notes", models.JSONField(default=dict)),
                (
                    "giver",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "incoming",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "incoming_shift",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="handovers_taken",
                        to="escalation.shift",
                    ),
                ),
                (
                    "outgoing",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "outgoing_shift",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="handovers_given",
                        to="escalation.shift",
                    ),
                ),
                (
                    "previous",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="following",
                        to="escalation.handover",
                    ),
                ),
                (
                    "taker",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "team",
                    models.ForeignKey(
                        null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="accounts.team"
                    ),
                ),
            ],
            options={
                "db_table": "esc_handover",
                "ordering": ["-starts_at", "-pk"],
            },
        ),
        migrations.CreateModel(
            name="HandoverLine",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("uuid", models.UUIDField(default=ledger.ids.uuid7, editable=False, unique=True)),
                (
                    "part",
                    models.CharField(
                        choices=[
                            ("hot", "Hot issues"),
                            ("active", "Active cases to be worked"),
                            ("top", "Committed top-tier work"),
                            ("risk", "Shift risks"),
                        ],
                        max_length=8,
                    ),
                ),
                ("key", models.CharField(max_length=80)),
                ("position", models.PositiveSmallIntegerField()),
                ("title", models.CharField(max_length=240)),
                ("due_at", models.DateTimeField(null=True)),
                ("due_code", models.CharField(blank=True, max_length=12)),
                ("facts", models.JSONField(default=dict)),
                ("change", models.CharField(blank=True, max_length=8)),
                ("note", models.TextField(blank=True)),
                ("spoken_at", models.DateTimeField(null=True)),
                (
                    "escalation",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="escalation.escalation",
                    ),
                ),
                (
                    "handover",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="lines", to="escalation.handover"
                    ),
                ),
                (
                    "spoken_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "ticket",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="handover_lines",
                        to="tickets.ticket",
                    ),
                ),
            ],
            options={
                "db_table": "esc_handover_line",
                "ordering": ["position"],
            },
        ),
        migrations.CreateModel(
            name="HandoverPass",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "kind",
                    models.CharField(
                        choices=[("promise", "Promise"), ("ack", "Acknowledgement"), ("escalation", "Escalation")],
                        max_length=10,
                    ),
                ),
                ("ref", models.CharField(max_length=40)),
                ("at", models.DateTimeField()),
                (
                    "giver",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
                (
                    "handover",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="passes", to="escalation.handover"
                    ),
                ),
                (
                    "ticket",
                    models.ForeignKey(
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="tickets.ticket",
                    ),
                ),
                (
                    "to",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "db_table": "esc_handover_pass",
                "ordering": ["pk"],
            },
        ),
        migrations.CreateModel(
            name="HandoverRemark",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("uuid", models.UUIDField(default=ledger.ids.uuid7, editable=False, unique=True)),
                ("text", models.TextField()),
                ("at", models.DateTimeField()),
                (
                    "by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
                (
                    "handover",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="remarks", to="escalation.handover"
                    ),
                ),
                (
                    "line",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="remarks",
                        to="escalation.handoverline",
                    ),
                ),
            ],
            options={
                "db_table": "esc_handover_remark",
                "ordering": ["at", "pk"],
            },
        ),
        migrations.CreateModel(
            name="Break",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("uuid", models.UUIDField(default=ledger.ids.uuid7, editable=False, unique=True)),
                ("from_at", models.DateTimeField()),
                ("to_at", models.DateTimeField(blank=True, null=True)),
                (
                    "user",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="breaks", to=settings.AUTH_USER_MODEL
                    ),
                ),
            ],
            options={
                "db_table": "esc_break",
                "ordering": ["-from_at"],
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("to_at", None)), fields=("user",), name="break_one_open"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("to_at", None), ("to_at__gte", models.F("from_at")), _connector="OR"),
                        name="break_ends",
                    ),
                ],
            },
        ),
        migrations.AddIndex(
            model_name="handover",
            index=models.Index(fields=["-starts_at", "-id"], name="handover_latest"),
        ),
        migrations.AddIndex(
            model_name="handover",
            index=models.Index(
                condition=models.Q(("state__in", ["draft", "signed"])), fields=["starts_at"], name="handover_open"
            ),
        ),
        migrations.AddConstraint(
            model_name="handover",
            constraint=models.UniqueConstraint(fields=("incoming_shift", "starts_at"), name="handover_once"),
        ),
        migrations.AddConstraint(
            model_name="handover",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("taker", None), models.Q(("taker", models.F("giver")), _negated=True), _connector="OR"
                ),
                name="handover_two_people",
            ),
        ),
        migrations.AddConstraint(
            model_name="handover",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("state__in", ["draft", "lapsed"]),
                    models.Q(("giver__isnull", False), ("signed_at__isnull", False)),
                    _connector="OR",
                ),
                name="handover_signed_has_its_facts",
            ),
        ),
        migrations.AddConstraint(
            model_name="handover",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("state", "accepted"), _negated=True),
                    models.Q(("accepted_at__isnull", False), ("taker__isnull", False)),
                    _connector="OR",
                ),
                name="handover_accepted_has_its_facts",
            ),
        ),
        migrations.AddIndex(
            model_name="handoverline",
            index=django.contrib.postgres.indexes.GinIndex(
                django.contrib.postgres.indexes.OpClass(
                    django.db.models.functions.text.Upper("title"), name="gin_trgm_ops"
                ),
                name="handover_title_trgm",
            ),
        ),
        migrations.AddIndex(
            model_name="handoverline",
            index=django.contrib.postgres.indexes.GinIndex(
                django.contrib.postgres.indexes.OpClass(
                    django.db.models.functions.text.Upper("note"), name="gin_trgm_ops"
                ),
                name="handover_note_trgm",
            ),
        ),
        migrations.AddConstraint(
            model_name="handoverline",
            constraint=models.UniqueConstraint(fields=("handover", "key"), name="handover_line_once"),
        ),
        migrations.AddConstraint(
            model_name="handoverpass",
            constraint=models.UniqueConstraint(fields=("handover", "kind", "ref"), name="handover_pass_once"),
        ),
    ]
