"""Is this process ready: the database answers and its migrations are those of this code. Redis down still serves."""

from django.conf import settings
from django.db import DatabaseError, connection
from django.db.migrations.executor import MigrationExecutor
from django.utils.translation import gettext as _

_migrated = False


def not_ready() -> str:
    """Return one sentence why this process must get no traffic; empty when it may. Costs one query once migrated."""
    global _migrated
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
        if not _migrated:
            executor = MigrationExecutor(connection)
            if executor.migration_plan(executor.loader.graph.leaf_nodes()):
                return _("Migrations are missing. Run manage.py migrate.")
            if settings.ENV == "production" and _is_demo_database():
                return _("This database runs on demonstration time. Production refuses it.")
            _migrated = True
    except DatabaseError:
        connection.close()
        return _("The database does not answer.")
    return ""


def _is_demo_database() -> bool:
    from ledger.models import DemoClock

    return DemoClock.objects.exists()
