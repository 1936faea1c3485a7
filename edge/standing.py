"""From a camera's section of the configuration to its rules about things that stand."""

from collections.abc import Iterable, Iterator, Sequence
from zoneinfo import ZoneInfo

from calibration.ground import GroundPlane
from contract.kinds import ZoneKind
from contract.settings.standing import ParkingSection, PermitSection, VendingSection
from edge.config.cameras import CameraSection
from edge.incidents.parking import ParkingRule, ParkingSettings
from edge.incidents.permits import Permit
from edge.incidents.rule import Rule
from edge.incidents.vending import VendingRule, VendingSettings
from edge.perception.zone import Zone


def standing_rules(
    section: CameraSection, ground: GroundPlane | None, time_zone: ZoneInfo, permits: Sequence[Permit] = ()
) -> Iterator[Rule]:
    """Its rules about vending and parking, where it wants them.

    Args:
        section: the camera's zones and incidents.
        ground: in metres, where the camera is calibrated.
        time_zone: of schedules and permits.
        permits: of the centre's list, all for selling, beside those in the section.
    """
    if section.incidents.vending is not None:
        yield VendingRule(vending_settings(section, section.incidents.vending, time_zone, permits), ground)
    if section.incidents.parking is not None:
        yield ParkingRule(parking_settings(section, section.incidents.parking, time_zone), ground)


def vending_settings(
    camera: CameraSection, section: VendingSection, time_zone: ZoneInfo, permits: Sequence[Permit] = ()
) -> VendingSettings:
    """What the section says, with the polygons of its zones."""
    return VendingSettings(
        zones=_zones(camera, section.zones),
        dwell_s=section.dwell,
        hold_s=section.hold,
        schedule=section.schedule,
        permits=(*map(_permit, section.permits), *permits),
        time_zone=time_zone,
    )


def parking_settings(camera: CameraSection, section: ParkingSection, time_zone: ZoneInfo) -> ParkingSettings:
    """What the section says, with the polygons of its zones and of the roads beside them."""
    roads = [name for name, zone in camera.zones.items() if zone.kind is ZoneKind.ROADWAY]
    return ParkingSettings(
        zones=_zones(camera, section.zones),
        roads=_zones(camera, roads),
        vehicles=frozenset(section.vehicles),
        dwell_s=section.dwell,
        hold_s=section.hold,
        schedule=section.schedule,
        permits=tuple(map(_permit, section.permits)),
        time_zone=time_zone,
    )


def _permit(section: PermitSection) -> Permit:
    place = Zone(section.sk, section.points)
    return Permit(section.sk, place, section.valid_from, section.valid_to, section.hours, section.capacity)


def _zones(camera: CameraSection, names: Iterable[str]) -> tuple[Zone, ...]:
    return tuple(Zone(name, camera.zones[name].points) for name in names)
