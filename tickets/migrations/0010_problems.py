"""Problems and recurrence (C-28)."""

import django.db.models.deletion
import ledger.ids
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    """Problems and recurrence (C-28)."""

    dependencies = [
        ('accounts', '0006_absences'),
        ('catalogue', '0001_initial'),
        ('tickets', '0009_maintenance'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.RunSQL("CREATE SEQUENCE problem_number_seq START 1", "DROP SEQUENCE problem_number_seq"),
        migrations.CreateModel(
            name='Problem',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('number', models.CharField(editable=False, max_length=16, unique=True)),
                ('uuid', models.UUIDField(default=ledger.ids.uuid7, editable=False, unique=True)),
                ('state', models.CharField(choices=[('open', 'Cause unknown'), ('known', 'Known error'), ('solved', 'Solved'), ('closed', 'Closed')], default='open', max_length=8)),
                ('version', models.PositiveIntegerField(default=1)),
                ('title', models.CharField(max_length=200)),
                ('by_rule', models.BooleanField(default=False)),
                ('faults', models.PositiveSmallIntegerField(default=0, help_text='Faults the rule counted')),
                ('days', models.PositiveSmallIntegerField(default=0, help_text='Within so many days')),
                ('root_cause', models.TextField(blank=True, max_length=4000)),
                ('known_error', models.TextField(blank=True, max_length=4000)),
                ('workaround', models.TextField(blank=True, max_length=4000)),
                ('solution', models.TextField(blank=True, max_length=4000)),
                ('opened_at', models.DateTimeField()),
                ('known_at', models.DateTimeField(null=True)),
                ('solved_at', models.DateTimeField(null=True)),
                ('closed_at', models.DateTimeField(null=True)),
                ('organisation', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='problems', to='accounts.organisation')),
                ('owner', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('service', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='problems', to='catalogue.service')),
            ],
            options={
                'ordering': ['-pk'],
            },
        ),
        migrations.CreateModel(
            name='ProblemTicket',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('by_rule', models.BooleanField(default=False)),
                ('workaround', models.CharField(blank=True, choices=[('', 'not tried'), ('helped', 'helped'), ('failed', 'did not help')], max_length=8)),
                ('at', models.DateTimeField()),
                ('problem', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='linked', to='tickets.problem')),
                ('ticket', models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, related_name='problem_link', to='tickets.ticket')),
            ],
            options={
                'ordering': ['-ticket_id'],
            },
        ),
        migrations.CreateModel(
            name='RecurrenceRule',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('category', models.CharField(blank=True, choices=[('network_interruption', 'Network: interruption'), ('network_degradation', 'Network: loss, delay, errors'), ('cloud', 'Cloud and data centre'), ('security', 'Security'), ('billing', 'Billing'), ('new_service', 'New service'), ('other', 'Other')], max_length=24, unique=True)),
                ('faults', models.PositiveSmallIntegerField(help_text='2 or more')),
                ('days', models.PositiveSmallIntegerField()),
                ('active', models.BooleanField(default=True)),
            ],
            options={
                'ordering': ['category'],
                'constraints': [models.CheckConstraint(condition=models.Q(('faults__gte', 2), ('days__gte', 1)), name='recurrence_is_several')],
            },
        ),
        migrations.AddIndex(
            model_name='problem',
            index=models.Index(fields=['state', '-id'], name='problem_by_state'),
        ),
        migrations.AddIndex(
            model_name='problem',
            index=models.Index(fields=['organisation', '-id'], name='problem_by_customer'),
        ),
        migrations.AddConstraint(
            model_name='problem',
            constraint=models.UniqueConstraint(condition=models.Q(('state__in', ['open', 'known'])), fields=('service',), name='problem_one_live_a_service'),
        ),
        migrations.AddConstraint(
            model_name='problem',
            constraint=models.CheckConstraint(condition=models.Q(('state__in', ['open', 'known', 'solved', 'closed'])), name='problem_state_known'),
        ),
        migrations.AddConstraint(
            model_name='problem',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('state', 'known'), _negated=True), models.Q(('known_error', ''), _negated=True), _connector='OR'), name='problem_known_says_what'),
        ),
        migrations.AddConstraint(
            model_name='problem',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('state__in', ['solved', 'closed']), _negated=True), models.Q(models.Q(('solution', ''), _negated=True), ('solved_at__isnull', False)), _connector='OR'), name='problem_solved_says_how'),
        ),
    ]
