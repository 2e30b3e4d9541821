"""Planned maintenance (C-29, V-21)."""

import django.db.models.deletion
import ledger.ids
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    """Planned maintenance (C-29, V-21)."""

    dependencies = [
        ('accounts', '0006_absences'),
        ('catalogue', '0001_initial'),
        ('tickets', '0008_major_incidents'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.RunSQL("CREATE SEQUENCE maintenance_number_seq START 1", "DROP SEQUENCE maintenance_number_seq"),
        migrations.CreateModel(
            name='NoticeLead',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('segment', models.CharField(blank=True, choices=[('premium', 'Premium'), ('managed', 'Managed'), ('general', 'General'), ('channel', 'Channel')], max_length=16, unique=True)),
                ('working_days', models.PositiveSmallIntegerField()),
            ],
            options={
                'ordering': ['segment'],
            },
        ),
        migrations.CreateModel(
            name='Maintenance',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('number', models.CharField(editable=False, max_length=16, unique=True)),
                ('uuid', models.UUIDField(default=ledger.ids.uuid7, editable=False, unique=True)),
                ('kind', models.CharField(choices=[('cutover', 'Cutover'), ('upgrade', 'Upgrade'), ('repair', 'Repair'), ('test', 'Test')], default='cutover', max_length=8)),
                ('state', models.CharField(choices=[('draft', 'Draft'), ('requested', 'Waits for approval'), ('approved', 'Approved'), ('noticed', 'Customers told'), ('running', 'Running'), ('done', 'Done'), ('failed', 'Failed'), ('cancelled', 'Cancelled')], default='draft', max_length=10)),
                ('version', models.PositiveIntegerField(default=1)),
                ('title', models.CharField(max_length=160)),
                ('words', models.TextField(max_length=2000)),
                ('way_back', models.TextField(blank=True, max_length=2000)),
                ('starts_at', models.DateTimeField()),
                ('ends_at', models.DateTimeField()),
                ('time_zone', models.CharField(max_length=64)),
                ('down_minutes', models.PositiveSmallIntegerField(default=0)),
                ('international', models.BooleanField(default=False)),
                ('off_peak', models.BooleanField(default=True)),
                ('off_peak_reason', models.TextField(blank=True, max_length=1000)),
                ('lead_reason', models.TextField(blank=True, max_length=1000)),
                ('notice_by', models.DateTimeField(null=True)),
                ('requested_at', models.DateTimeField(null=True)),
                ('round_no', models.PositiveSmallIntegerField(default=1)),
                ('needed', models.JSONField(default=list)),
                ('approved_at', models.DateTimeField(null=True)),
                ('noticed_at', models.DateTimeField(null=True)),
                ('started_at', models.DateTimeField(null=True)),
                ('ended_at', models.DateTimeField(null=True)),
                ('outcome', models.TextField(blank=True, max_length=2000)),
                ('impact_at', models.DateTimeField(null=True)),
                ('created_at', models.DateTimeField()),
                ('owner', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('requested_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('services', models.ManyToManyField(blank=True, related_name='maintenances', to='catalogue.service')),
            ],
            options={
                'ordering': ['starts_at', 'pk'],
            },
        ),
        migrations.CreateModel(
            name='MaintenanceApproval',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('round_no', models.PositiveSmallIntegerField()),
                ('function', models.CharField(max_length=16)),
                ('approved', models.BooleanField()),
                ('reason', models.TextField(blank=True, max_length=1000)),
                ('at', models.DateTimeField()),
                ('maintenance', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='approvals', to='tickets.maintenance')),
                ('person', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'ordering': ['pk'],
            },
        ),
        migrations.CreateModel(
            name='MaintenanceImpact',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('uuid', models.UUIDField(default=ledger.ids.uuid7, editable=False, unique=True)),
                ('cause', models.CharField(choices=[('direct', 'Worked on'), ('upstream', 'Runs over it'), ('hand', 'Added by hand')], max_length=8)),
                ('left_out', models.BooleanField(default=False)),
                ('reason', models.TextField(blank=True, max_length=1000)),
                ('told_at', models.DateTimeField(null=True)),
                ('maintenance', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='impacts', to='tickets.maintenance')),
                ('organisation', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='accounts.organisation')),
                ('service', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='catalogue.service')),
            ],
            options={
                'ordering': ['organisation_id', 'service_id'],
            },
        ),
        migrations.AddIndex(
            model_name='maintenance',
            index=models.Index(fields=['state', 'starts_at'], name='maintenance_state_start'),
        ),
        migrations.AddIndex(
            model_name='maintenance',
            index=models.Index(fields=['starts_at', 'id'], name='maintenance_start'),
        ),
        migrations.AddConstraint(
            model_name='maintenance',
            constraint=models.CheckConstraint(condition=models.Q(('ends_at__gt', models.F('starts_at'))), name='maintenance_ends_after_start'),
        ),
        migrations.AddConstraint(
            model_name='maintenance',
            constraint=models.CheckConstraint(condition=models.Q(('state__in', ['draft', 'requested', 'approved', 'noticed', 'running', 'done', 'failed', 'cancelled'])), name='maintenance_state_known'),
        ),
        migrations.AddConstraint(
            model_name='maintenance',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('state__in', ['noticed', 'running']), _negated=True), ('approved_at__isnull', False), _connector='OR'), name='maintenance_runs_approved'),
        ),
        migrations.AddConstraint(
            model_name='maintenanceapproval',
            constraint=models.UniqueConstraint(fields=('maintenance', 'round_no', 'person'), name='maintenance_one_vote'),
        ),
        migrations.AddConstraint(
            model_name='maintenanceapproval',
            constraint=models.UniqueConstraint(fields=('maintenance', 'round_no', 'function'), name='maintenance_function_once'),
        ),
        migrations.AddIndex(
            model_name='maintenanceimpact',
            index=models.Index(condition=models.Q(('left_out', False)), fields=['service'], name='maintenance_of_service'),
        ),
        migrations.AddIndex(
            model_name='maintenanceimpact',
            index=models.Index(condition=models.Q(('left_out', False)), fields=['organisation'], name='maintenance_of_customer'),
        ),
        migrations.AddConstraint(
            model_name='maintenanceimpact',
            constraint=models.UniqueConstraint(fields=('maintenance', 'service'), name='maintenance_impact_once'),
        ),
    ]
