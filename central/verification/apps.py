from django.apps import AppConfig


class VerificationConfig(AppConfig):
    name = "central.verification"
