from django.apps import AppConfig


class FollowingConfig(AppConfig):
    name = "central.following"

    def ready(self) -> None:
        """What happens to complaints and incidents is told in its own transaction."""
        from central.following import telling  # noqa: PLC0415 — models are loaded now

        telling.listen()
