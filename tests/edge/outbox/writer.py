"""Records until it is killed: python -m tests.edge.outbox.writer STATE_DIR. Prints each seq it was promised."""

import json
import random
import sys
from pathlib import Path

from contract.acks import Ack
from contract.events import EventType
from edge.outbox import Budget, Outbox
from tests.edge.outbox.steps import BOX, NOW, exhibit, step


def main() -> None:
    outbox = Outbox.open(Path(sys.argv[1]), BOX, Budget(300_000, 50_000))
    random.seed()
    count = max((json.loads(episode.state)["n"] for episode in outbox.open_episodes()), default=0)
    while True:
        count += 1
        kind = random.choice((EventType.OPENED, EventType.UPDATED))
        pieces = [exhibit(f"{outbox.epoch} {count}".encode() * 500)] if random.random() < 0.5 else []
        event = outbox.record(step(kind, vehicles=count), state=json.dumps({"n": count}), evidence=pieces, now=NOW)
        print(event.seq, flush=True)
        if random.random() < 0.3:
            outbox.mark_sent(random.randint(outbox.acked_seq, event.seq))
        if random.random() < 0.1:
            have = tuple(piece.sha256 for piece in outbox.evidence_to_send(0, 2))
            outbox.acknowledge(Ack(epoch=outbox.epoch, seq=random.randint(outbox.acked_seq, event.seq), have=have))


if __name__ == "__main__":
    main()
