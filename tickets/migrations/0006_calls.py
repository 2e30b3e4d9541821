"""What a call in hand needs."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

import ledger.ids


class Migration(migrations.Migration):
    dependencies = [
        ("tickets", "0005_search"),
        ("accounts", "0006_absences"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AddField(
            model_name="routingrule",
            name="alternates",
            field=models.ManyToManyField(
                blank=True,
                help_text="Teams that share the work; the least loaded gets it",
                related_name="+",
                to="accounts.team",
            ),
        ),
        migrations.AddField(
            model_name="routingrule",
            name="language",
            field=models.CharField(
                blank=True, db_default="", default="", help_text="Of the customer, as en or zh-hans", max_length=16
            ),
        ),
        migrations.AddField(
            model_name="routingrule",
            name="skill",
            field=models.CharField(
                blank=True, db_default="", default="", help_text="Somebody of the team has it", max_length=40
            ),
        ),
        migrations.CreateModel(
            name="CallScript",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("uuid", models.UUIDField(default=ledger.ids.uuid7, editable=False, unique=True)),
                (
                    "queue",
                    models.CharField(
                        blank=True, help_text="As the telephone names it; empty = every queue", max_length=60
                    ),
                ),
                ("language", models.CharField(help_text="Code, as en or zh-hans", max_length=16)),
                ("greeting", models.TextField(max_length=600)),
                ("hint", models.TextField(blank=True, max_length=400)),
                ("active", models.BooleanField(default=True)),
            ],
            options={
                "ordering": ["queue", "language"],
                "constraints": [models.UniqueConstraint(fields=("queue", "language"), name="call_script_once")],
            },
        ),
        migrations.CreateModel(
            name="SalesInquiry",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("infrastructure", models.TextField(blank=True, verbose_name="Current infrastructure")),
                ("objectives", models.TextField(blank=True, verbose_name="Business objectives")),
                ("requirements", models.TextField(blank=True, verbose_name="Technical requirements")),
                ("timeline", models.TextField(blank=True, verbose_name="Timeline")),
                (
                    "ticket",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT, related_name="sales_inquiry", to="tickets.ticket"
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="Appointment",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("uuid", models.UUIDField(default=ledger.ids.uuid7, editable=False, unique=True)),
                ("subject", models.CharField(max_length=160)),
                ("starts_at", models.DateTimeField()),
                ("ends_at", models.DateTimeField()),
                ("place", models.CharField(blank=True, max_length=200)),
                ("made_at", models.DateTimeField()),
                ("sequence", models.PositiveSmallIntegerField(default=0)),
                ("cancelled_at", models.DateTimeField(blank=True, null=True)),
                (
                    "host",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="appointments",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
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
                    "ticket",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="appointments", to="tickets.ticket"
                    ),
                ),
            ],
            options={
                "ordering": ["starts_at", "pk"],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("ends_at__gt", models.F("starts_at"))), name="appointment_ends_after_start"
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="AskedQuestion",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("at", models.DateTimeField()),
                (
                    "contact",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="+", to="accounts.contact"
                    ),
                ),
                (
                    "interaction",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="questions_asked",
                        to="tickets.interaction",
                    ),
                ),
                (
                    "question",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="+", to="accounts.securityquestion"
                    ),
                ),
            ],
            options={
                "constraints": [models.UniqueConstraint(fields=("interaction", "contact"), name="asked_question_once")],
            },
        ),
    ]
