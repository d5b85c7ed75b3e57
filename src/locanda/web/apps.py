"""The app of the pages."""

from django.apps import AppConfig


class WebConfig(AppConfig):
    name = "locanda.web"
    label = "web"
    verbose_name = "Pagine"
