"""How a command says no."""

import typer
from rich.console import Console
from rich.text import Text


def refusal(text: str) -> typer.Exit:
    """Prints the reason on stderr; raise what it returns (exit code 2)."""
    # Text, not markup: a path may hold square brackets.
    Console(stderr=True).print(Text.assemble(("error: ", "red"), text), soft_wrap=True)
    return typer.Exit(2)
