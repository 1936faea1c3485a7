"""One filter, one persistent session: messages come out in batches and are acknowledged to the broker once safe.

One session per filter, because a broker may give a session one limit of unacknowledged messages for all its filters.
"""

import queue
import threading
from dataclasses import dataclass
from typing import Any

import paho.mqtt.client as mqtt
import structlog

from central.intake.broker import Broker

KEEPALIVE_S = 30
QOS = 1

log = structlog.get_logger()


@dataclass(frozen=True, slots=True)
class Message:
    """What a box sent."""

    topic: str
    payload: bytes
    retained: bool = False


@dataclass(frozen=True, slots=True)
class Delivery:
    """A message with what is needed to acknowledge it."""

    message: Message
    mid: int
    qos: int
    connection: int


class Subscription:
    """Holds at most `capacity` deliveries; when it is full the broker waits."""

    def __init__(self, broker: Broker, name: str, topic_filter: str, *, capacity: int) -> None:
        self.name = name
        self._filter = topic_filter
        self._queue: queue.Queue[Delivery] = queue.Queue(capacity)
        self._stopping = threading.Event()
        self._connection = 0
        self.subscribed = threading.Event()
        self._client = mqtt.Client(
            mqtt.CallbackAPIVersion.VERSION2,
            client_id=f"{broker.client}-{name}",
            protocol=mqtt.MQTTv311,
            clean_session=False,
            manual_ack=True,
        )
        if broker.tls:
            self._client.tls_set(ca_certs=broker.ca, certfile=broker.cert, keyfile=broker.key)
        if broker.user is not None:
            self._client.username_pw_set(broker.user, broker.password)
        self._client.reconnect_delay_set(1, 30)
        self._client.on_connect = self._on_connect
        self._client.on_disconnect = self._on_disconnect
        self._client.on_subscribe = self._on_subscribe
        self._client.on_message = self._on_message
        self._client.connect_async(broker.host, broker.port, KEEPALIVE_S)

    def start(self) -> None:
        """Connects in the background, and again whenever the connection is lost."""
        self._client.loop_start()

    def stop(self) -> None:
        """Disconnects; what was not acknowledged comes again next time."""
        self._stopping.set()
        self._client.disconnect()
        self._client.loop_stop()

    def take(self, limit: int, wait_s: float) -> list[Delivery]:
        """Up to `limit` deliveries: whatever is here, or the first to come within `wait_s`."""
        batch: list[Delivery] = []
        try:
            batch.append(self._queue.get(timeout=wait_s))
            while len(batch) < limit:
                batch.append(self._queue.get_nowait())
        except queue.Empty:
            pass
        return batch

    def acknowledge(self, delivery: Delivery) -> None:
        """Tells the broker. After a reconnect the message comes again under another id, so the old one is let go."""
        if delivery.qos > 0 and delivery.connection == self._connection:
            self._client.ack(delivery.mid, delivery.qos)

    def publish(self, topic: str, payload: bytes) -> None:
        """QoS 1; kept by the client while the broker is away."""
        self._client.publish(topic, payload, qos=QOS)

    def _on_connect(self, client: mqtt.Client, _data: Any, _flags: Any, reason: Any, _properties: Any) -> None:
        if reason.is_failure:
            log.error("broker refused the login; check SIGAP_MQTT_USER, password and certificate", reason=str(reason))
            return
        self._connection += 1
        log.info("connected to the broker", session=self.name)
        client.subscribe(self._filter, qos=QOS)

    def _on_disconnect(self, _client: mqtt.Client, _data: Any, _flags: Any, reason: Any, _properties: Any) -> None:
        self.subscribed.clear()
        if not self._stopping.is_set():
            log.warning("broker is away; connecting again", session=self.name, reason=str(reason))

    def _on_subscribe(self, _client: mqtt.Client, _data: Any, _mid: int, reasons: Any, _properties: Any) -> None:
        if any(reason.is_failure for reason in reasons):
            log.error("broker refused a subscription; allow it in the broker's access list", filter=self._filter)
            return
        self.subscribed.set()

    def _on_message(self, _client: mqtt.Client, _data: Any, message: mqtt.MQTTMessage) -> None:
        delivery = Delivery(
            Message(message.topic, bytes(message.payload), bool(message.retain)),
            message.mid,
            message.qos,
            self._connection,
        )
        while not self._stopping.is_set():
            try:
                self._queue.put(delivery, timeout=0.5)
            except queue.Full:
                continue
            return
