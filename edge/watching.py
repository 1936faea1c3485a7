"""From a camera's section of the configuration to the watch it asks for."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from pathlib import Path
from zoneinfo import ZoneInfo

from calibration.ground import GroundPlane
from contract.kinds import ZoneKind
from contract.schedule import WIB
from contract.settings.flood import FloodSection
from contract.settings.incidents import JamSection
from edge.camera_faults import camera_fault_rules, drawn
from edge.config.cameras import CameraSection
from edge.incidents.camera_fault import CameraFaultRule
from edge.incidents.flood import FloodRule, FloodSettings
from edge.incidents.jam import JamRule, JamSettings
from edge.incidents.lifecycle import EpisodeState
from edge.incidents.permits import Permit
from edge.incidents.rule import Rule
from edge.networks import Networks
from edge.perception.dry_store import DryStore, FileStore
from edge.perception.eyes import Eyes
from edge.perception.perceive import Perception
from edge.perception.quality.eyes import NO_MEMORY, PictureEyes
from edge.perception.quality.memory import ViewMemory
from edge.perception.water import WaterSight
from edge.perception.water_depth import DepthReference
from edge.perception.zone import Zone
from edge.standing import standing_rules
from edge.watch import CameraWatch, Key
from models.water_network import WaterNetwork


def watch_for(
    camera: str,
    section: CameraSection,
    networks: Networks,
    ground: GroundPlane | None = None,
    states: Mapping[Key, EpisodeState] | None = None,
    *,
    time_zone: ZoneInfo = WIB,
    memory: ViewMemory = NO_MEMORY,
    dry: DryStore | None = None,
    permits: Sequence[Permit] = (),
    eyes: Eyes | None = None,
) -> CameraWatch:
    """The watch of one camera.

    Args:
        camera: its id.
        section: its zones and incidents.
        networks: what it is looked at with.
        ground: the road in metres, where it is calibrated.
        states: where its episodes stood, to go on after a restart.
        time_zone: of its schedules and permits.
        memory: keeps what it usually shows from one run to the next.
        dry: keeps how its roads look when dry.
        permits: of the centre's list, those within its reach.
        eyes: that have looked at it so far, with what they have learned, where it is looked at as before.

    Raises:
        ValueError: it looks for floods, but no network of water is open.
    """
    rules = (
        *camera_fault_rules(section, ground),
        *_rules(section, networks),
        *standing_rules(section, ground, time_zone, permits),
    )
    if eyes is None:
        watched = {about for rule in rules for about in rule.about}
        sees_faults = any(isinstance(rule, CameraFaultRule) for rule in rules)
        quality = PictureEyes(memory) if sees_faults else None
        eyes = _eyes(camera, section, networks, ground, watched=watched, quality=quality, dry=dry)
    return CameraWatch(camera, eyes, rules, states)


def _eyes(
    camera: str,
    section: CameraSection,
    networks: Networks,
    ground: GroundPlane | None,
    *,
    watched: Collection[str],
    quality: PictureEyes | None,
    dry: DryStore | None,
) -> Eyes:
    zones = [(Zone(name, zone.points), zone.kind) for name, zone in section.zones.items() if name in watched]
    roads = [zone for zone, kind in zones if kind is ZoneKind.ROADWAY]
    sides = [zone for zone, kind in zones if kind is not ZoneKind.ROADWAY]
    road = Perception(camera, roads, networks.street, ground, sides)
    return Eyes(road, water=_water(section, roads, networks, dry), quality=quality)


def dry_store(folder: Path, name: str, camera: CameraSection) -> FileStore:
    """Where the camera's dry roads are kept: as long as the zones drawn on it stay.

    Args:
        folder: of the box's state.
        name: the camera's id.
        camera: its section.
    """
    return FileStore(folder / "dry" / f"{name}.npz", drawn(camera))


def _rules(section: CameraSection, networks: Networks) -> Iterator[Rule]:
    incidents = section.incidents
    if incidents.jam is not None:
        yield JamRule(jam_settings(incidents.jam))
    if incidents.flood is not None:
        yield FloodRule(flood_settings(incidents.flood, _water_network(networks).flood_above))


def _water(
    section: CameraSection, roads: Sequence[Zone], networks: Networks, dry: DryStore | None
) -> WaterSight | None:
    flood = section.incidents.flood
    if flood is None:
        return None
    references = [DepthReference(mark.height_cm, mark.points) for mark in flood.water_references]
    return WaterSight([road for road in roads if road.id in flood.zones], _water_network(networks), references, dry)


def _water_network(networks: Networks) -> WaterNetwork:
    if networks.water is None:
        raise ValueError("a camera that looks for floods needs a network of water: open it with the configuration")
    return networks.water


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


def flood_settings(section: FloodSection, flood_above: float) -> FloodSettings:
    """What the section says, in seconds; where it names no probability of a flood, the network's own decides."""
    return FloodSettings(
        zones=section.zones,
        water_share=section.water_share,
        flood_above=flood_above if section.flood_above is None else section.flood_above,
        min_duration_s=section.min_duration,
        hold_s=section.hold,
        depth_classes_cm=section.depth_classes,
    )
