from django.apps import AppConfig


class ViewingConfig(AppConfig):
    name = "central.viewing"
