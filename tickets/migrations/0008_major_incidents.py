"""Major incidents (V-09, V-19, V-20)."""

import django.contrib.postgres.fields
import django.db.models.deletion
import django_fsm
from django.conf import settings
from django.contrib.postgres.operations import AddConstraintNotValid
from django.db import migrations, models

import ledger.ids


class Migration(migrations.Migration):
    """Major incidents (V-09, V-19, V-20)."""

    dependencies = [
        ("accounts", "0006_absences"),
        ("catalogue", "0001_initial"),
        ("tickets", "0007_workspace"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.RunSQL("CREATE SEQUENCE major_number_seq START 1", "DROP SEQUENCE major_number_seq"),
        migrations.CreateModel(
            name="MajorOrganisation",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("uuid", models.UUIDField(default=ledger.ids.uuid7, editable=False, unique=True)),
                ("by_hand", models.BooleanField(default=False)),
                ("reason", models.CharField(blank=True, max_length=400)),
                ("added_at", models.DateTimeField()),
                ("removed_at", models.DateTimeField(null=True)),
            ],
        ),
        migrations.CreateModel(
            name="MajorRecipient",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("language", models.CharField(max_length=16)),
            ],
        ),
        migrations.CreateModel(
            name="MajorRole",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("uuid", models.UUIDField(default=ledger.ids.uuid7, editable=False, unique=True)),
                (
                    "part",
                    models.CharField(
                        choices=[
                            ("technical", "Technical lead"),
                            ("communications", "Communications"),
                            ("customers", "Customer coordination"),
                            ("log", "Log"),
                            ("helper", "Helper"),
                        ],
                        max_length=16,
                    ),
                ),
                ("since", models.DateTimeField()),
                ("left_at", models.DateTimeField(null=True)),
            ],
            options={
                "ordering": ["pk"],
            },
        ),
        migrations.CreateModel(
            name="MajorService",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("root", models.BooleanField(default=False)),
                ("by_hand", models.BooleanField(default=False)),
                ("reason", models.CharField(blank=True, max_length=400)),
                ("added_at", models.DateTimeField()),
                ("removed_at", models.DateTimeField(null=True)),
            ],
        ),
        migrations.CreateModel(
            name="MajorTicket",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("attached_at", models.DateTimeField()),
                ("detached_at", models.DateTimeField(null=True)),
            ],
        ),
        migrations.CreateModel(
            name="MajorUpdate",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("uuid", models.UUIDField(default=ledger.ids.uuid7, editable=False, unique=True)),
                (
                    "phase",
                    models.CharField(
                        choices=[
                            ("investigating", "Investigating"),
                            ("identified", "Cause known"),
                            ("restoring", "Being restored"),
                            ("restored", "Restored"),
                        ],
                        max_length=16,
                    ),
                ),
                ("bodies", models.JSONField(default=dict)),
                ("written_at", models.DateTimeField()),
                ("sent_at", models.DateTimeField(null=True)),
                ("next_update_at", models.DateTimeField(null=True)),
                (
                    "organisation_ids",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.BigIntegerField(), default=list, size=None
                    ),
                ),
            ],
            options={
                "ordering": ["-written_at", "-pk"],
            },
        ),
        migrations.AlterField(
            model_name="workitem",
            name="ticket",
            field=models.ForeignKey(
                null=True, on_delete=django.db.models.deletion.PROTECT, related_name="work_items", to="tickets.ticket"
            ),
        ),
        migrations.CreateModel(
            name="MajorIncident",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("number", models.CharField(editable=False, max_length=16, unique=True)),
                ("uuid", models.UUIDField(default=ledger.ids.uuid7, editable=False, unique=True)),
                (
                    "state",
                    django_fsm.FSMField(
                        choices=[
                            ("declared", "Running"),
                            ("restored", "Restored"),
                            ("review", "Under review"),
                            ("closed", "Closed"),
                        ],
                        default="declared",
                        max_length=50,
                        protected=True,
                    ),
                ),
                (
                    "phase",
                    models.CharField(
                        choices=[
                            ("investigating", "Investigating"),
                            ("identified", "Cause known"),
                            ("restoring", "Being restored"),
                            ("restored", "Restored"),
                        ],
                        default="investigating",
                        max_length=16,
                    ),
                ),
                ("version", models.PositiveIntegerField(default=1)),
                ("title", models.CharField(max_length=200)),
                ("public_titles", models.JSONField(default=dict)),
                ("severity", models.PositiveSmallIntegerField(default=1)),
                ("region", models.CharField(blank=True, max_length=32)),
                ("declared_at", models.DateTimeField()),
                ("since", models.DateTimeField(help_text="When the disturbance began")),
                ("bridge_url", models.URLField(blank=True, max_length=400)),
                ("cadence_minutes", models.PositiveSmallIntegerField(default=30)),
                ("next_update_at", models.DateTimeField(null=True)),
                ("computed_at", models.DateTimeField(null=True)),
                ("identified_at", models.DateTimeField(null=True)),
                ("restored_at", models.DateTimeField(null=True)),
                ("review_begun_at", models.DateTimeField(null=True)),
                ("reviewed_at", models.DateTimeField(null=True)),
                ("closed_at", models.DateTimeField(null=True)),
                (
                    "cause_code",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("our_network", "Our network"),
                            ("our_configuration", "Our configuration"),
                            ("customer_side", "Customer's side"),
                            ("third_party", "Third party"),
                            ("power", "Power"),
                            ("hardware", "Hardware"),
                            ("software", "Software"),
                            ("capacity", "Capacity"),
                            ("no_fault", "No fault found"),
                            ("other", "Other"),
                        ],
                        max_length=20,
                    ),
                ),
                ("cause", models.TextField(blank=True)),
                ("review_summary", models.TextField(blank=True)),
                ("review_went_well", models.TextField(blank=True)),
                ("review_went_badly", models.TextField(blank=True)),
                (
                    "commander",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
                (
                    "declared_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "lead",
                    models.ForeignKey(
                        null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="tickets.ticket"
                    ),
                ),
            ],
            options={
                "ordering": ["-declared_at", "-pk"],
            },
            bases=(django_fsm.FSMModelMixin, models.Model),
        ),
        migrations.AddField(
            model_name="workitem",
            name="major",
            field=models.ForeignKey(
                db_index=False,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="work_items",
                to="tickets.majorincident",
            ),
        ),
        AddConstraintNotValid(
            model_name="workitem",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("major", None), ("ticket__isnull", False)),
                    models.Q(("major__isnull", False), ("ticket", None)),
                    _connector="OR",
                ),
                name="work_item_of_one_thing",
            ),
        ),
        migrations.AddField(
            model_name="majororganisation",
            name="incident",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="organisations", to="tickets.majorincident"
            ),
        ),
        migrations.AddField(
            model_name="majororganisation",
            name="organisation",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="+", to="accounts.organisation"
            ),
        ),
        migrations.AddField(
            model_name="majorrecipient",
            name="contact",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="+", to="accounts.contact"
            ),
        ),
        migrations.AddField(
            model_name="majorrole",
            name="incident",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="roles", to="tickets.majorincident"
            ),
        ),
        migrations.AddField(
            model_name="majorrole",
            name="user",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
            ),
        ),
        migrations.AddField(
            model_name="majorservice",
            name="incident",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="services", to="tickets.majorincident"
            ),
        ),
        migrations.AddField(
            model_name="majorservice",
            name="organisation",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="+", to="accounts.organisation"
            ),
        ),
        migrations.AddField(
            model_name="majorservice",
            name="service",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="+", to="catalogue.service"
            ),
        ),
        migrations.AddField(
            model_name="majorticket",
            name="incident",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="children", to="tickets.majorincident"
            ),
        ),
        migrations.AddField(
            model_name="majorticket",
            name="ticket",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="majors", to="tickets.ticket"
            ),
        ),
        migrations.AddField(
            model_name="majorupdate",
            name="author",
            field=models.ForeignKey(
                null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
            ),
        ),
        migrations.AddField(
            model_name="majorupdate",
            name="incident",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="updates", to="tickets.majorincident"
            ),
        ),
        migrations.AddField(
            model_name="majorrecipient",
            name="update",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="recipients", to="tickets.majorupdate"
            ),
        ),
        migrations.AddIndex(
            model_name="majorincident",
            index=models.Index(fields=["-declared_at", "-id"], name="major_newest"),
        ),
        migrations.AddIndex(
            model_name="majorincident",
            index=models.Index(condition=models.Q(("state", "declared")), fields=["declared_at"], name="major_running"),
        ),
        migrations.AddConstraint(
            model_name="majorincident",
            constraint=models.CheckConstraint(
                condition=models.Q(("state__in", ["declared", "restored", "review", "closed"])),
                name="major_state_known",
            ),
        ),
        migrations.AddConstraint(
            model_name="majorincident",
            constraint=models.CheckConstraint(
                condition=models.Q(("state", "declared"), ("restored_at__isnull", False), _connector="OR"),
                name="major_restored_has_a_time",
            ),
        ),
        migrations.AddConstraint(
            model_name="majorincident",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("state", "closed"), _negated=True),
                    models.Q(("closed_at__isnull", False), ("reviewed_at__isnull", False)),
                    _connector="OR",
                ),
                name="major_closed_is_reviewed",
            ),
        ),
        migrations.AddConstraint(
            model_name="majorincident",
            constraint=models.CheckConstraint(condition=models.Q(("severity__range", (1, 3))), name="major_severity"),
        ),
        migrations.AddIndex(
            model_name="majororganisation",
            index=models.Index(
                condition=models.Q(("removed_at", None)), fields=["organisation"], name="major_of_customer"
            ),
        ),
        migrations.AddConstraint(
            model_name="majororganisation",
            constraint=models.UniqueConstraint(fields=("incident", "organisation"), name="major_organisation_once"),
        ),
        migrations.AddConstraint(
            model_name="majorrole",
            constraint=models.UniqueConstraint(
                condition=models.Q(("left_at", None)), fields=("incident", "part", "user"), name="major_role_once"
            ),
        ),
        migrations.AddConstraint(
            model_name="majorservice",
            constraint=models.UniqueConstraint(fields=("incident", "service"), name="major_service_once"),
        ),
        migrations.AddConstraint(
            model_name="majorticket",
            constraint=models.UniqueConstraint(
                condition=models.Q(("detached_at", None)), fields=("ticket",), name="major_child_of_one"
            ),
        ),
        migrations.AddConstraint(
            model_name="majorupdate",
            constraint=models.UniqueConstraint(
                condition=models.Q(("sent_at", None)), fields=("incident",), name="major_draft_once"
            ),
        ),
        migrations.AddConstraint(
            model_name="majorrecipient",
            constraint=models.UniqueConstraint(fields=("update", "contact"), name="major_recipient_once"),
        ),
        migrations.AddIndex(
            model_name="workitem",
            index=models.Index(condition=models.Q(("major__isnull", False)), fields=["major"], name="work_item_major"),
        ),
    ]
