"""A box on a real broker: publishes what it is given and keeps the acks it hears."""

import time
from collections.abc import Callable
from typing import Self

import paho.mqtt.client as mqtt

from central.intake.subscription import Message
from contract.acks import Ack
from contract.topics import AckTopic


def eventually(is_so: Callable[[], object], within_s: float = 20) -> bool:
    """Waits until it is so, or says that it never was."""
    deadline = time.monotonic() + within_s
    while time.monotonic() < deadline:
        if is_so():
            return True
        time.sleep(0.05)
    return bool(is_so())


class BoxClient:
    """One persistent session, as the edge has."""

    def __init__(self, box: str, port: int) -> None:
        self.acks: list[Ack] = []
        self._box = box
        self._client = mqtt.Client(
            mqtt.CallbackAPIVersion.VERSION2, client_id=box, protocol=mqtt.MQTTv311, clean_session=False
        )
        self._client.on_connect = lambda client, *_: client.subscribe(AckTopic(box).path, qos=1)
        self._client.on_message = lambda _client, _data, message: self.acks.append(Ack.from_bytes(message.payload))
        self._client.reconnect_delay_set(1, 1)
        self._client.connect_async("127.0.0.1", port, 10)

    def __enter__(self) -> Self:
        self._client.loop_start()
        assert eventually(self._client.is_connected)
        return self

    def __exit__(self, *_: object) -> None:
        self._client.disconnect()
        self._client.loop_stop()

    def send(self, *messages: Message) -> None:
        assert eventually(self._client.is_connected)
        for message in messages:
            self._client.publish(message.topic, message.payload, qos=1, retain=message.retained).wait_for_publish(20)

    @property
    def acked(self) -> int:
        return max((ack.seq for ack in self.acks), default=0)

    @property
    def have(self) -> set[str]:
        return {name for ack in self.acks for name in ack.have}
