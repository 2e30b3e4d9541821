"""Simulations asked for from outside."""

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("escalation", "0011_policy_conditions")]

    operations = []
