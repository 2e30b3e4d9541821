"""Absences of staff."""

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("accounts", "0005_ways_to_reach_staff")]

    operations = []
