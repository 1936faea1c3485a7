"""Options that several commands share, and what they say about it."""

from typing import Annotated, Protocol

import typer
from rich.console import Console

from models.provider import Provider

ThreadsOption = Annotated[int, typer.Option(min=1, max=256, help="CPU threads for one inference.")]
ProviderOption = Annotated[
    Provider,
    typer.Option(
        "--provider",
        help="What runs the network: cuda and tensorrt need onnxruntime-gpu, openvino onnxruntime-openvino.",
    ),
]
FallbackOption = Annotated[
    bool, typer.Option("--fallback", help="Where the provider is not there or does not start, run on the CPU.")
]


class Running(Protocol):
    """A network that was loaded."""

    @property
    def provider(self) -> str:
        """onnxruntime's execution provider that runs it."""
        ...


def say_provider(name: str, network: Running) -> None:
    """Prints on stderr what really runs it."""
    Console(stderr=True).print(f"{name}: on {network.provider}", soft_wrap=True, markup=False, highlight=False)
