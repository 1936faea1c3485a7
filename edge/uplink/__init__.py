"""The way to the centre: MQTT 3.1.1, QoS 1, everything sent until the centre says it has it."""

from edge.uplink.settings import UplinkSettings, UplinkSettingsError
from edge.uplink.uplink import InForce, Uplink, UplinkHealth, mqtt_transport

__all__ = ["InForce", "Uplink", "UplinkHealth", "UplinkSettings", "UplinkSettingsError", "mqtt_transport"]
