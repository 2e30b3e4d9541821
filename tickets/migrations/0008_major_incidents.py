"""Major incidents (V-09, V-19, V-20)."""

from django.db import migrations


class Migration(migrations.Migration):
    """Major incidents (V-09, V-19, V-20)."""

    dependencies = [("tickets", "0007_workspace")]

    operations: list[object] = []
