"""A second reader before a policy is published."""

from django.db import migrations


class Migration(migrations.Migration):
    """A second reader before a policy is published."""

    dependencies = [("escalation", "0012_leave")]

    operations: list[object] = []
