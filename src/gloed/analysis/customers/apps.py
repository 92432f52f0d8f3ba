"""The app of customers over time."""

from django.apps import AppConfig


class CustomersConfig(AppConfig):
    """Registers the app with Django."""

    name = "gloed.analysis.customers"
    label = "customers"
