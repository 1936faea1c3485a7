from django.apps import AppConfig


class SilencesConfig(AppConfig):
    name = "central.silences"
