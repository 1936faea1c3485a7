"""Why there is no connection, in words for the person who must act. No secret ever stands in them."""

import socket
import ssl

from paho.mqtt.reasoncodes import ReasonCode

# The texts paho gives to the return codes of a CONNACK of MQTT 3.1.1 (section 3.2.2.3).
_REFUSALS = {
    "Unsupported protocol version": "it does not speak MQTT 3.1.1",
    "Client identifier not valid": "it does not accept this box's id as client id; enrol the box",
    "Server unavailable": "it is up but does not serve now",
    "Bad user name or password": "wrong user or password; correct mqtt.url",
    "Not authorized": "wrong user, password or certificate, or one not allowed for this box; check mqtt and enrolment",
}


def of_failed_try(error: OSError, where: str) -> str:
    """Why no connection came about."""
    match error:
        case ssl.SSLCertVerificationError():
            why = f"its certificate cannot be trusted ({error.verify_message}); check mqtt.ca and mqtt.url"
        case ssl.SSLError():
            why = f"TLS failed ({error.reason or 'no reason given'}); is it an mqtts port, and is mqtt.cert accepted?"
        case socket.gaierror():
            return f"broker {where}: the name cannot be resolved; check mqtt.url and the name server"
        case ConnectionRefusedError():
            why = "nobody listens there; is the broker running?"
        case TimeoutError():
            why = "no answer; check the network and any firewall"
        case _:
            why = error.strerror or type(error).__name__
    return f"broker {where}: {why}"


def of_refusal(code: ReasonCode, where: str) -> str:
    """Why the broker did not let us in."""
    name = code.getName()
    return f"broker {where} refuses this box: {_REFUSALS.get(name, name)}"


def of_early_end(where: str, *, tls: bool) -> str:
    """The connection ended before the broker had answered."""
    hint = "it may not accept this box's certificate (mqtt.cert)" if tls else "is it an MQTT port without TLS?"
    return f"broker {where} closed the connection without an answer; {hint}"


def of_refused_topics(topics: list[str], where: str) -> str:
    """The broker does not let the box hear the centre."""
    return f"broker {where} does not let this box read {', '.join(topics)}; allow it for this box's certificate or user"
