from django.apps import AppConfig


class ServiceDeskConfig(AppConfig):
    name = "servicedesk"
    verbose_name = "Service desk"

    def ready(self) -> None:
        """Load the Celery application so that tasks ring the right broker, and name what administrators configure."""
        from servicedesk import celery  # noqa: F401
        from servicedesk.web.admin_words import speak

        speak()
