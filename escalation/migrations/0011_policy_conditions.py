"""What a policy may ask of a ticket."""

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("escalation", "0010_alarms")]

    operations = []
