"""`models:` — with which networks this box looks, and what runs them."""

from typing import Annotated

from pydantic import Field

from contract.settings.section import Section
from models.provider import Provider


class ModelsSection(Section):
    """The eyes. Left out: the networks that this version comes with, on the CPU."""

    street: Annotated[
        str | None,
        Field(
            title="Street",
            description="Detector: a name of `sigap-models list`, or a folder (with a /) from this file's.",
            min_length=1,
        ),
    ] = None
    water: Annotated[
        str | None,
        Field(
            title="Water",
            description="Network of water, loaded where a camera looks for floods; named like the detector.",
            min_length=1,
        ),
    ] = None
    provider: Annotated[Provider, Field(title="Provider", description="What runs the networks.")] = Provider.CPU
    fallback: Annotated[
        bool, Field(title="Fallback", description="Run on the CPU where the provider is not there or does not start.")
    ] = False
    threads: Annotated[int, Field(title="Threads", description="CPU threads for one inference.", ge=1, le=256)] = 1
