"""The way to the centre: MQTT 3.1.1, QoS 1, everything sent until the centre says it has it."""

from edge.uplink.settings import UplinkSettings, UplinkSettingsError
from edge.uplink.uplink import Uplink, UplinkHealth, mqtt_transport

__all__ = ["Uplink", "UplinkHealth", "UplinkSettings", "UplinkSettingsError", "mqtt_transport"]
