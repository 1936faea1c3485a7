from django.apps import AppConfig


class StillsConfig(AppConfig):
    name = "central.stills"
