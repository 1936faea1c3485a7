"""`box:` — who this box is and what it may use."""

from pathlib import Path
from typing import Annotated

from pydantic import Field

from contract.ids import BoxId
from contract.schedule import WIB
from contract.settings.quantities import TimeZone
from contract.settings.section import Section
from edge.config.quantities import Size


class BoxSection(Section):
    """The box itself."""

    id: Annotated[BoxId, Field(title="Id", description="Name of the box on the wire; also its certificate's CN.")]
    site: Annotated[str, Field(title="Site", description="Where it stands, for people.", max_length=120)] = ""
    state_dir: Annotated[
        Path, Field(title="State folder", description="Outbox, evidence and key are kept here; survives restarts.")
    ] = Path("/var/lib/sigap")
    disk_limit: Annotated[
        Size, Field(title="Disk limit", description="Most that outbox and evidence may take together.")
    ] = 20 * 10**9
    time_zone: Annotated[
        TimeZone, Field(title="Time zone", description="Of its cameras' schedules and permits: Asia/Jakarta is WIB.")
    ] = WIB
