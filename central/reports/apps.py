from django.apps import AppConfig


class ReportsConfig(AppConfig):
    name = "central.reports"

    def ready(self) -> None:
        """A complaint that is opened again answers those who asked for it."""
        from central.reports import voices  # noqa: PLC0415 — models are loaded now

        voices.listen()
