from django.apps import AppConfig


class AccountsConfig(AppConfig):
    name = "central.accounts"

    def ready(self) -> None:
        """Every login is written down, whichever way it was made."""
        from central.accounts import logins  # noqa: PLC0415 — models are there only now

        logins.listen()
