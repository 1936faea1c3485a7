"""Figures of a running box for Prometheus."""

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, start_http_server


class BoxMetrics:
    """One set a box; the listener is off unless asked for, and then on loopback only."""

    def __init__(self) -> None:
        self._registry = CollectorRegistry()
        self.looks = Counter("sigap_looks", "Looks taken", ["camera", "kind"], registry=self._registry)
        self.failures = Counter("sigap_look_failures", "Looks that broke", ["camera"], registry=self._registry)
        self.frames_decoded = Counter("sigap_frames_decoded", "Frames decoded", ["camera"], registry=self._registry)
        self.look_seconds = Histogram("sigap_look_seconds", "What a look took", ["kind"], registry=self._registry)
        self.picture_age_s = Gauge(
            "sigap_picture_age_seconds", "Age of the newest picture looked at", ["camera"], registry=self._registry
        )
        self.stretch = Gauge("sigap_attention_stretch", "Cadence kept over cadence asked", registry=self._registry)
        self.events = Counter("sigap_events", "Events recorded", ["kind", "step"], registry=self._registry)
        self.outbox_age_s = Gauge("sigap_outbox_age_seconds", "Oldest event that waits", registry=self._registry)

    def listen(self, port: int) -> None:
        """Answers on http://127.0.0.1:PORT/metrics."""
        start_http_server(port, addr="127.0.0.1", registry=self._registry)
