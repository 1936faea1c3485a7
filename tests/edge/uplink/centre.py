"""A centre as small as the contract allows: commits events and evidence in memory, acknowledges, remembers."""

import threading
from collections import defaultdict
from typing import Any

import paho.mqtt.client as mqtt
from paho.mqtt.enums import CallbackAPIVersion

from contract.acks import Ack
from contract.commands import LookAgain
from contract.ids import sha256_of
from contract.topics import AckTopic, CommandTopic, EventTopic, EvidenceTopic, every_box, parse


class Centre:
    """Persistent sessions, one for each filter. What it has committed outlives `stop` and `start`.

    Attributes:
        events: body by (epoch, seq), the first to arrive.
        arrivals: (epoch, seq) as they came, repetitions included.
        deaf: commits nothing and acknowledges nothing.
    """

    def __init__(self, port: int, box: str) -> None:
        self.events: dict[tuple[str, int], bytes] = {}
        self.arrivals: list[tuple[str, int]] = []
        self.evidence: dict[str, bytes] = {}
        self.notices: dict[str, list[bytes]] = defaultdict(list)
        self.deaf = False
        self._port = port
        self._box = box
        self._lock = threading.Lock()
        self._clients: list[mqtt.Client] = []

    def start(self) -> None:
        for name, leaf in (
            ("events", "event/+/+"),
            ("evidence", "evidence/+"),
            ("status", "status"),
            ("info", "info"),
            ("camera", "camera/+"),
            ("reply", "reply"),
        ):
            client = mqtt.Client(CallbackAPIVersion.VERSION2, client_id=f"centre-{name}", clean_session=False)
            client.reconnect_delay_set(1, 1)
            client.on_connect = lambda client, *_, leaf=leaf: client.subscribe(every_box(leaf), 1)
            client.on_message = self._on_message
            client.connect("127.0.0.1", self._port, 20)
            self._clients.append(client)  # what waited for this session may arrive as soon as the loop runs
            client.loop_start()

    def stop(self) -> None:
        for client in self._clients:
            client.disconnect()
            client.loop_stop()
        self._clients.clear()

    def committed(self, epoch: str) -> int:
        """The highest contiguous seq."""
        seq = 0
        while (epoch, seq + 1) in self.events:
            seq += 1
        return seq

    def ask(self, command: LookAgain) -> None:
        self._clients[0].publish(CommandTopic(self._box).path, command.to_bytes(), 1)

    def say(self, ack: Ack) -> None:
        self._clients[0].publish(AckTopic(self._box).path, ack.to_bytes(), 1)

    def _on_message(self, _client: Any, _data: Any, message: mqtt.MQTTMessage) -> None:
        topic = parse(message.topic)
        with self._lock:
            match topic:
                case _ if self.deaf:
                    pass
                case EventTopic():
                    self.arrivals.append((topic.epoch, topic.seq))
                    self.events.setdefault((topic.epoch, topic.seq), bytes(message.payload))
                    self.say(Ack(epoch=topic.epoch, seq=self.committed(topic.epoch)))
                case EvidenceTopic():
                    assert sha256_of(bytes(message.payload)) == topic.sha256
                    self.evidence[topic.sha256] = bytes(message.payload)
                    ((epoch, _),) = list(self.events)[:1]
                    self.say(Ack(epoch=epoch, seq=self.committed(epoch), have=(topic.sha256,)))
                case _:
                    self.notices[message.topic].append(bytes(message.payload))
