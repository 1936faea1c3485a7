"""What the terminal shows while the demo runs. Goes to standard error, so that --json has standard output to itself."""

import time
from types import TracebackType
from typing import Self

from rich.console import Console


class Progress:
    """Steps while things start; then a line for everything that changes."""

    def __init__(self) -> None:
        self._console = Console(stderr=True, highlight=False)
        self._began = time.monotonic()
        self._seen: dict[str, str] = {}

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._console.print("[dim]stopped everything[/dim]")

    def step(self, text: str) -> None:
        """Something was done."""
        self._console.print(f"[dim]{time.monotonic() - self._began:6.1f} s[/dim]  {text}")

    def announce(self, page: str, logins: dict[str, str]) -> None:
        """Where to look."""
        self.step(f"[bold green]{page}[/bold green]  (staff: {page}operator/)")
        for name, password in logins.items():
            self.step(f"login [bold]{name}[/bold]  password [bold]{password}[/bold]")
        self.step("durations are short here (a jam after 10 s): scripts/demo/box.yaml says so. Ctrl-C stops all.")
        self.step("watching: a jam, a flood, a vendor, a lorry and a failing camera; on two streets nothing happens")

    def show(self, complaints: list[dict[str, str]]) -> None:
        """Says what is new or changed."""
        for complaint in complaints:
            number, state = complaint["number"], complaint["state"]
            if self._seen.get(number) != state:
                self._seen[number] = state
                self.step(
                    f"[bold]{number}[/bold]  {complaint['kind']}  {complaint['place']}  → {complaint['agency']}  "
                    f"[yellow]{state}[/yellow]"
                )
