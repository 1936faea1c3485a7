"""What the centre tells a box: how far its events are committed, and which evidence has arrived."""

from typing import Annotated

from pydantic import Field

from contract.ids import Epoch, Sha256
from contract.wire import Wire


class Ack(Wire):
    """`seq` is the highest contiguous one committed in `epoch`; `have` names evidence that is safely stored."""

    epoch: Epoch
    seq: Annotated[int, Field(ge=0)]
    have: tuple[Sha256, ...] = ()
