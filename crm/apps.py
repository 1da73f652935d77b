from django.apps import AppConfig


class CrmConfig(AppConfig):
    """The project itself, as an app: template tags and commands that belong to no room of their own."""

    name = "crm"
    label = "crm"
    verbose_name = "Zhike"
