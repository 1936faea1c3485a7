"""`camera_fault:` — what ails the camera itself."""

from typing import Annotated

from pydantic import Field

from contract.kinds import CameraFault
from contract.settings.quantities import Duration
from contract.settings.section import Section


class CameraFaultSection(Section):
    """A picture that nobody can work with, or none at all."""

    min_duration: Annotated[
        Duration, Field(title="Minimum duration", description="Longer than a lorry stands before the lens.")
    ] = 60.0
    hold: Annotated[
        Duration, Field(title="Hold", description="So long must the picture be sound before the episode closes.")
    ] = 60.0
    offline_after: Annotated[
        Duration, Field(title="Offline after", description="So long without a picture, the camera is offline.")
    ] = 60.0
    ignore: Annotated[
        tuple[CameraFault, ...],
        Field(title="Ignore", description="Faults not looked for; for example moved, where the camera is steered."),
    ] = ()

    @property
    def faults(self) -> tuple[CameraFault, ...]:
        """Those that are looked for."""
        return tuple(fault for fault in CameraFault if fault not in self.ignore)
