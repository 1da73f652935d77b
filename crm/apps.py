from django.apps import AppConfig


class CrmConfig(AppConfig):
    """The project itself, as an app: template tags and commands that belong to no room of their own."""

    name = "crm"
    label = "crm"
    verbose_name = "Zhike"

    def ready(self) -> None:
        """Make the project's Celery application the one that tasks and /healthz use, in every process."""
        from crm import celery  # needs settings, so not at the top

        celery.app.set_default()
