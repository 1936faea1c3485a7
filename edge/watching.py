"""From a camera's section of the configuration to the watch it asks for."""

from collections.abc import Iterator, Mapping
from zoneinfo import ZoneInfo

from calibration.ground import GroundPlane
from contract.kinds import ZoneKind
from edge.config.cameras import CameraSection
from edge.config.incidents import JamSection
from edge.incidents.jam import JamRule, JamSettings
from edge.incidents.lifecycle import EpisodeState
from edge.incidents.rule import Rule
from edge.incidents.schedule import WIB
from edge.networks import Networks
from edge.perception.eyes import Eyes
from edge.perception.perceive import Perception
from edge.perception.zone import Zone
from edge.standing import standing_rules
from edge.watch import CameraWatch, Key


def watch_for(
    camera: str,
    section: CameraSection,
    networks: Networks,
    ground: GroundPlane | None = None,
    states: Mapping[Key, EpisodeState] | None = None,
    *,
    time_zone: ZoneInfo = WIB,
) -> CameraWatch:
    """The watch of one camera.

    Args:
        camera: its id.
        section: its zones and incidents.
        networks: what it is looked at with.
        ground: the road in metres, where it is calibrated.
        states: where its episodes stood, to go on after a restart.
        time_zone: of its schedules and permits.
    """
    rules = (*_rules(section), *standing_rules(section, ground, time_zone))
    watched = {about for rule in rules for about in rule.about}
    zones = [(Zone(name, zone.points), zone.kind) for name, zone in section.zones.items() if name in watched]
    roads = [zone for zone, kind in zones if kind is ZoneKind.ROADWAY]
    sides = [zone for zone, kind in zones if kind is not ZoneKind.ROADWAY]
    return CameraWatch(camera, Eyes(Perception(camera, roads, networks.street, ground, sides)), rules, states)


def _rules(section: CameraSection) -> Iterator[Rule]:
    incidents = section.incidents
    if incidents.jam is not None:
        yield JamRule(jam_settings(incidents.jam))


def jam_settings(section: JamSection) -> JamSettings:
    """What the section says, in seconds."""
    return JamSettings(
        zones=section.zones,
        occupancy_above=section.occupancy_above,
        speed_below_kmh=section.speed_below_kmh,
        speed_below_lengths_s=section.speed_below_lengths_s,
        min_duration_s=section.min_duration,
        hold_s=section.hold,
    )
