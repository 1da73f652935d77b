from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class RecommendationsConfig(AppConfig):
    name = "recommendations"
    verbose_name = _("Products and suggestions")

    def ready(self) -> None:
        from recommendations import on_timeline  # models are there only now

        on_timeline.register()
