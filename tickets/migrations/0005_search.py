"""Words of tickets and notes, found by an index."""

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("tickets", "0004_views")]

    operations = []
