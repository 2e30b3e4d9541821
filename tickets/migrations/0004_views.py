"""What agents keep of their queue: views of their own and of their team."""

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("tickets", "0003_open_by_priority_and_team")]

    operations = []
