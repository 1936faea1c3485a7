"""Sky, sun and lamps for five lights. Imports bpy."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import bpy

from scripts.render_scenes.moment import Actor
from scripts.render_scenes.place.build import Place
from scripts.render_scenes.scenes.scene import Light, Weather

Colour = tuple[float, float, float]
LAMPS_WITHIN_M = 110.0
HEADLAMPS = 10


@dataclass(frozen=True, slots=True)
class Preset:
    """`sky` is Nishita's model when None, else two colours (horizon, zenith); strengths in Blender's units.

    `glow` is how much lit windows, signs and street lamps shine, `exposure` in stops.
    """

    sky: tuple[Colour, Colour] | None
    sky_strength: float
    sun_strength: float = 0.0
    sun_colour: Colour = (1.0, 0.95, 0.88)
    sun_angle_deg: float = 0.8
    glow: float = 0.0
    exposure: float = 0.0


PRESETS: dict[Light, Preset] = {
    "day": Preset(None, 0.28, 3.2),
    "low_sun": Preset(None, 0.30, 3.0, (1.0, 0.74, 0.48), 1.0, exposure=0.15),
    "overcast": Preset(((0.72, 0.76, 0.80), (0.80, 0.84, 0.90)), 0.95),
    "dusk": Preset(((0.34, 0.25, 0.22), (0.12, 0.18, 0.32)), 0.9, glow=0.6, exposure=0.9),
    "night": Preset(((0.020, 0.018, 0.016), (0.006, 0.008, 0.013)), 0.8, glow=1.0, exposure=1.2),
}


def shine(weather: Weather, place: Place) -> Preset:
    """Put sky, sun and street lamps up; returns what was put."""
    preset = PRESETS[weather.light]
    world = bpy.data.worlds.new("sky")
    bpy.context.scene.world = world
    world.use_nodes = True
    background = world.node_tree.nodes["Background"]
    background.inputs["Strength"].default_value = preset.sky_strength
    if preset.sky is None:
        sky = world.node_tree.nodes.new("ShaderNodeTexSky")
        sky.sky_type = "NISHITA"
        sky.sun_disc = False
        sky.sun_elevation = math.radians(weather.sun_elevation_deg)
        sky.sun_rotation = math.radians(weather.sun_azimuth_deg)
        sky.dust_density = 3.0
        world.node_tree.links.new(sky.outputs["Color"], background.inputs["Color"])
    else:
        _gradient(world.node_tree, background, *preset.sky)
    if preset.sun_strength:
        lamp = bpy.data.lights.new("sun", "SUN")
        lamp.energy, lamp.angle, lamp.color = preset.sun_strength, math.radians(preset.sun_angle_deg), preset.sun_colour
        # A lamp shines along its -z; turn it from straight down towards the horizon, then around.
        turn = (math.radians(90 - weather.sun_elevation_deg), 0.0, math.radians(180 - weather.sun_azimuth_deg))
        _link("sun", lamp, (0.0, 0.0, 50.0), turn)
    if preset.glow:
        for number, (x, y, z) in enumerate(place.lamps):
            if y < LAMPS_WITHIN_M:
                spot = bpy.data.lights.new(f"street_{number}", "SPOT")
                spot.energy, spot.color = 900.0 * preset.glow, (1.0, 0.70, 0.38)
                spot.spot_size, spot.spot_blend, spot.shadow_soft_size = math.radians(150), 0.6, 0.2
                _link(spot.name, spot, (x, y, z - 0.06), (0.0, 0.0, 0.0))
    bpy.context.scene.view_settings.exposure = preset.exposure
    bpy.context.scene.cycles.use_light_tree = preset.glow > 0
    return preset


def _gradient(tree: Any, background: Any, horizon: Colour, zenith: Colour) -> None:
    where, split = tree.nodes.new("ShaderNodeTexCoord"), tree.nodes.new("ShaderNodeSeparateXYZ")
    ramp = tree.nodes.new("ShaderNodeValToRGB")
    ramp.color_ramp.elements[0].color, ramp.color_ramp.elements[1].color = (*horizon, 1.0), (*zenith, 1.0)
    ramp.color_ramp.elements[1].position = 0.6
    tree.links.new(where.outputs["Generated"], split.inputs[0])
    tree.links.new(split.outputs["Z"], ramp.inputs[0])
    tree.links.new(ramp.outputs["Color"], background.inputs["Color"])


def _link(name: str, data: Any, location: Sequence[float], turn: Sequence[float]) -> Any:
    made = bpy.data.objects.new(name, data)
    made.location, made.rotation_euler = location, turn
    bpy.context.scene.collection.objects.link(made)
    return made


class Headlamps:
    """A few spot lights that follow the nearest lit vehicles; the others' lamps glow but light nothing."""

    def __init__(self) -> None:
        self._spots: list[Any] = []

    def follow(self, actors: Sequence[Actor], noses_m: Sequence[float], camera_y_m: float) -> None:
        """Put the spots at the noses of the nearest vehicles (`noses_m`: from the middle forward)."""
        lit = sorted(zip(actors, noses_m, strict=True), key=lambda pair: abs(pair[0].y_m - camera_y_m))[:HEADLAMPS]
        while len(self._spots) < len(lit):
            spot = bpy.data.lights.new("headlamp", "SPOT")
            spot.energy, spot.color = 260.0, (1.0, 0.93, 0.80)
            spot.spot_size, spot.spot_blend, spot.shadow_soft_size = math.radians(58), 0.7, 0.25
            self._spots.append(_link("headlamp", spot, (0, 0, 0), (0, 0, 0)))
        for number, made in enumerate(self._spots):
            made.hide_render = number >= len(lit)
            if made.hide_render:
                continue
            actor, nose = lit[number]
            cos, sin = math.cos(actor.turn_rad), math.sin(actor.turn_rad)
            made.location = (actor.x_m + (nose + 0.1) * cos, actor.y_m + (nose + 0.1) * sin, actor.z_m + 0.75)
            made.rotation_euler = (math.radians(83.0), 0.0, actor.turn_rad - math.pi / 2)
