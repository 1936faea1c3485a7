"""JSON Schemas of everything on the wire and an AsyncAPI 3 document of the topics, generated from the types.

`python -m contract.schemas` writes them beside this file; `--check` fails when they drifted from the code.
"""

import json
from pathlib import Path
from typing import Any

from contract.acks import Ack
from contract.commands import LookAgain, LookReply, StillReply, TakeStill
from contract.desired import Desired
from contract.events import EpisodeEvent, Skipped
from contract.evidence import MAX_EVIDENCE_BYTES
from contract.ids import NAME_PATTERN
from contract.reports import BoxInfo, BoxStatus, CameraStatus
from contract.topics import ROOT
from contract.wire import Wire

FOLDER = Path(__file__).parent
DIALECT = "https://json-schema.org/draft/2020-12/schema"

MESSAGES: dict[str, type[Wire]] = {
    "episode-event": EpisodeEvent,
    "skipped": Skipped,
    "ack": Ack,
    "box-status": BoxStatus,
    "box-info": BoxInfo,
    "camera-status": CameraStatus,
    "look-again": LookAgain,
    "look-reply": LookReply,
    "take-still": TakeStill,
    "still-reply": StillReply,
    "desired": Desired,
}
# channel: address below ROOT/{box}, messages, the operation as the box performs it, a sentence
_CHANNELS: dict[str, tuple[str, tuple[str, ...], str, str]] = {
    "status": ("status", ("box-status",), "send", "Retained heartbeat; the last will is state offline."),
    "info": ("info", ("box-info",), "send", "Retained: software, models with sha256, cameras."),
    "camera": ("camera/{camera}", ("camera-status",), "send", "Retained state of one camera."),
    "event": ("event/{epoch}/{seq}", ("episode-event", "skipped"), "send", "QoS 1, until the centre's ack covers it."),
    "evidence": ("evidence/{sha256}", ("evidence",), "send", f"QoS 1, at most {MAX_EVIDENCE_BYTES} bytes."),
    "ack": ("ack", ("ack",), "receive", "Highest contiguous seq committed; evidence stored."),
    "desired": (
        "desired",
        ("desired",),
        "receive",
        "Sent again until the box has it.",
    ),
    "command": (
        "command",
        ("look-again", "take-still"),
        "receive",
        "Said again until it is answered.",
    ),
    "reply": ("reply", ("look-reply", "still-reply"), "send", "The answer to a command, by its id."),
}
_PARAMETERS = {
    "box": "The box's id, its certificate's CN and its MQTT client id.",
    "camera": "The camera's id.",
    "epoch": "One life of the outbox: 16 hexadecimal digits.",
    "seq": "Counts the events of the epoch from 1 without gaps.",
    "sha256": "Of the bytes sent.",
}


def documents() -> dict[str, dict[str, Any]]:
    """File name → document, as the types have it now."""
    schemas = {f"{name}.schema.json": _schema(name, model) for name, model in MESSAGES.items()}
    return {**schemas, "asyncapi.json": _asyncapi()}


def render(document: dict[str, Any]) -> str:
    """The text as it stands in the file."""
    return json.dumps(document, indent=2, sort_keys=True, ensure_ascii=False) + "\n"


def _schema(name: str, model: type[Wire]) -> dict[str, Any]:
    return {"$schema": DIALECT, "$id": f"{name}.schema.json", **model.model_json_schema(mode="validation")}


def _asyncapi() -> dict[str, Any]:
    messages: dict[str, Any] = {
        name: {"contentType": "application/json", "payload": {"$ref": f"{name}.schema.json"}} for name in MESSAGES
    }
    messages["evidence"] = {
        "contentType": "application/octet-stream",
        "payload": {"type": "string", "format": "binary"},
    }
    channels = {}
    operations = {}
    for channel, (leaf, names, action, summary) in _CHANNELS.items():
        address = f"{ROOT}/{{box}}/{leaf}"
        channels[channel] = {
            "address": address,
            "description": summary,
            "parameters": {key: {"description": text} for key, text in _PARAMETERS.items() if f"{{{key}}}" in address},
            "messages": {name: {"$ref": f"#/components/messages/{name}"} for name in names},
        }
        operations[channel] = {
            "action": action,
            "channel": {"$ref": f"#/channels/{channel}"},
            "bindings": {"mqtt": {"qos": 1, "retain": "etained" in summary}},
        }
    return {
        "asyncapi": "3.0.0",
        "info": {
            "title": "Sigap: box and centre",
            "version": "1",
            "description": f"MQTT 3.1.1, seen from the box. Ids match {NAME_PATTERN}.",
        },
        "channels": channels,
        "operations": operations,
        "components": {"messages": messages},
    }
