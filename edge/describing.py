"""What a box says of itself: its cameras as they are configured, its models, until when its certificate holds."""

from collections.abc import Mapping
from datetime import datetime
from importlib.metadata import version

from cryptography.x509 import load_pem_x509_certificate

from contract.events import Location
from contract.reports import BoxInfo, CameraInfo, ZoneInfo
from edge.config.document import Configuration


def box_info(configuration: Configuration, models: Mapping[str, str]) -> BoxInfo:
    """Everything but what changes by the minute.

    Args:
        configuration: what is in force.
        models: name → sha256.
    """
    section = configuration.document.box
    assert section is not None
    return BoxInfo(
        site=section.site,
        software=f"sigap {version('sigap')}",
        models=dict(models),
        cameras=tuple(_camera_info(configuration, camera) for camera in configuration.document.cameras),
        certificate_until=_certificate_until(configuration),
    )


def _camera_info(configuration: Configuration, camera: str) -> CameraInfo:
    section, settings = configuration.document.cameras[camera], configuration.settings_of(camera)
    place = section.location
    return CameraInfo(
        id=camera,
        name=section.name or camera,
        location=Location(lon=place.lon, lat=place.lat) if place else None,
        zones=tuple(
            ZoneInfo(id=zone, kind=drawn.kind, place=drawn.place, points=drawn.points)
            for zone, drawn in section.zones.items()
        ),
        purpose=section.purpose,
        config=settings.digest(),
        settings=settings.model_dump(mode="json", exclude_defaults=True),
    )


def _certificate_until(configuration: Configuration) -> datetime | None:
    mqtt = configuration.document.mqtt
    if mqtt is None or mqtt.cert is None:
        return None
    try:
        return load_pem_x509_certificate((configuration.folder / mqtt.cert).read_bytes()).not_valid_after_utc
    except (OSError, ValueError):  # whoever connects with it says what is wrong
        return None
