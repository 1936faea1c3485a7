from django.apps import AppConfig


class FeedConfig(AppConfig):
    name = "central.feed"
