"""The transport over a real network: paho-mqtt, MQTT 3.1.1.

paho's own reconnecting is off: it would send again, for ever, whatever the broker did not take, a message that is too
large included. Each connection gets a client of its own; what to send again is decided above.
"""

import contextlib
import random
import socket
import threading
from time import monotonic
from typing import Any

import paho.mqtt.client as mqtt
from paho.mqtt.enums import CallbackAPIVersion, MQTTErrorCode
from paho.mqtt.reasoncodes import ReasonCode

from edge.uplink import reasons
from edge.uplink.settings import UplinkSettings, UplinkSettingsError
from edge.uplink.transport import Listener, Message, Session

_LASTED_S = 30.0
"""A connection that held so long was a good one: the pauses begin small again. One that ends sooner may be two boxes
with one id that evict each other."""
_FAREWELL_S = 2.0
"""How long an orderly disconnection may take."""


class PahoTransport:
    """One thread that connects, waits for the end, pauses and connects again."""

    def __init__(self, settings: UplinkSettings, session: Session) -> None:
        """Nothing is connected until `start`."""
        self._settings = settings
        self._session = session
        self._stopping = threading.Event()
        self._thread: threading.Thread | None = None
        self._lock = threading.Lock()
        self._connection: _Connection | None = None
        self._connections = 0

    def start(self, listener: Listener) -> None:
        """Begins to connect in the background."""
        self._thread = threading.Thread(target=self._run, args=(listener,), name="uplink-connection", daemon=True)
        self._thread.start()

    def publish(self, message: Message) -> int | None:
        """Sends; None when not connected."""
        with self._lock:
            connection = self._connection
        return None if connection is None else connection.publish(message)

    def drop(self, reason: str) -> None:
        """Ends the connection there is, if any."""
        with self._lock:
            connection = self._connection
        if connection is not None:
            connection.end(reason)

    def stop(self) -> None:
        """Disconnects and waits for the thread."""
        self._stopping.set()
        self.drop("stopped")
        if self._thread is not None:
            self._thread.join(5.0)  # a connection that is just being tried may take longer; it is then given up

    def _run(self, listener: Listener) -> None:
        pause_s = self._settings.reconnect_min_s
        while not self._stopping.is_set():
            self._connections += 1
            connection = _Connection(self._settings, self._session, listener, self._connections)
            with self._lock:
                self._connection = connection
            lasted_s = connection.run(self._stopping)
            with self._lock:
                self._connection = None
            if self._stopping.is_set():
                return
            listener.disconnected(connection.reason)
            if lasted_s >= _LASTED_S:
                pause_s = self._settings.reconnect_min_s
            self._stopping.wait(pause_s * random.uniform(0.5, 1.0))  # noqa: S311 — jitter, not a secret
            pause_s = min(2 * pause_s, self._settings.reconnect_max_s)


class _Connection:
    """One connection from its first try to its end."""

    def __init__(self, settings: UplinkSettings, session: Session, listener: Listener, number: int) -> None:
        self.reason = ""
        self._settings = settings
        self._subscriptions = session.subscriptions
        self._listener = listener
        self._number = number
        self._ended = threading.Event()
        self._answered = False
        self._ready = False
        client = mqtt.Client(
            CallbackAPIVersion.VERSION2,
            client_id=session.client_id,
            clean_session=False,
            protocol=mqtt.MQTTv311,
            reconnect_on_failure=False,
        )
        client.connect_timeout = 10.0
        client.max_inflight_messages_set(10_000)  # the pace is set above
        client.will_set(session.will.topic, session.will.payload, qos=1, retain=session.will.retain)
        if settings.username is not None:
            client.username_pw_set(settings.username, settings.password)
        client.on_socket_open = self._on_socket_open
        client.on_connect = self._on_connect
        client.on_subscribe = self._on_subscribe
        client.on_publish = self._on_publish
        client.on_message = self._on_message
        client.on_disconnect = self._on_disconnect
        self._client = client

    def run(self, stopping: threading.Event) -> float:
        """Connects and returns when the connection has ended; gives for how many seconds it was ready."""
        where = self._settings.where
        try:
            if self._settings.tls:
                self._client.tls_set_context(self._settings.tls_context())
            self._client.connect(self._settings.host, self._settings.port, self._settings.keep_alive_s)
        except UplinkSettingsError as error:
            self.reason = str(error)
            return 0.0
        except OSError as error:
            self.reason = reasons.of_failed_try(error, where)
            return 0.0
        if stopping.is_set():
            self._ended.set()
        began = monotonic()
        self._client.loop_start()
        self._ended.wait()
        self._client.disconnect()
        cut = threading.Timer(_FAREWELL_S, self._cut)
        cut.start()
        self._client.loop_stop()
        cut.cancel()
        return monotonic() - began if self._ready else 0.0

    def publish(self, message: Message) -> int | None:
        if not self._ready or self._ended.is_set():
            return None
        sent = self._client.publish(message.topic, message.payload, qos=1, retain=message.retain)
        return self._token(sent.mid) if sent.rc == MQTTErrorCode.MQTT_ERR_SUCCESS else None

    def end(self, reason: str) -> None:
        self.reason = self.reason or reason
        self._ended.set()

    def _cut(self) -> None:
        """A peer that hangs would keep paho waiting for as long as the keep-alive."""
        connection = self._client.socket()
        if isinstance(connection, socket.socket):
            with contextlib.suppress(OSError):  # closed in the meantime: all the better
                connection.shutdown(socket.SHUT_RDWR)

    def _token(self, mid: int) -> int:
        # Message ids begin anew with each connection; a token never does.
        return self._number << 16 | mid

    def _on_socket_open(self, _client: mqtt.Client, _data: Any, connection: Any) -> None:
        # Otherwise a small message waits up to 40 ms for the acknowledgement of the one before it (Nagle).
        connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)

    def _on_connect(self, client: mqtt.Client, _data: Any, _flags: Any, code: ReasonCode, _properties: Any) -> None:
        self._answered = True
        if code.is_failure:
            self.end(reasons.of_refusal(code, self._settings.where))
        else:
            client.subscribe([(topic, 1) for topic in self._subscriptions])

    def _on_subscribe(
        self, _client: mqtt.Client, _data: Any, _mid: int, codes: list[ReasonCode], _properties: Any
    ) -> None:
        refused = [topic for topic, code in zip(self._subscriptions, codes, strict=True) if code.is_failure]
        if refused:
            self.end(reasons.of_refused_topics(refused, self._settings.where))
        else:
            self._ready = True
            self._listener.connected()

    def _on_publish(self, _client: mqtt.Client, _data: Any, mid: int, _code: Any, _properties: Any) -> None:
        self._listener.passed_on(self._token(mid))

    def _on_message(self, _client: mqtt.Client, _data: Any, message: mqtt.MQTTMessage) -> None:
        self._listener.received(message.topic, bytes(message.payload))

    def _on_disconnect(self, _client: mqtt.Client, _data: Any, _flags: Any, code: Any, _properties: Any) -> None:
        where = self._settings.where
        if self._answered:
            self.end(f"broker {where}: the connection was lost ({code})")
        else:
            self.end(reasons.of_early_end(where, tls=self._settings.tls))
