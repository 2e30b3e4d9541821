from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("escalation", "0005_rosters")]
    operations = []
