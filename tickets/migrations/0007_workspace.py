"""What the ticket's own page needs."""

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("tickets", "0006_calls")]

    operations = []
