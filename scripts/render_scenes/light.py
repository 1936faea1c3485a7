"""Sky and sun by day. Imports bpy."""

from __future__ import annotations

import math

import bpy


def day(sun_elevation_deg: float, sun_azimuth_deg: float, sun_strength: float, sky_strength: float) -> None:
    """A clear sky (Nishita's model) and the sun as a lamp of its own, which is sampled with less noise.

    The azimuth is clockwise from +y (away from the camera), so 180 stands behind it.
    """
    world = bpy.data.worlds.new("sky")
    bpy.context.scene.world = world
    world.use_nodes = True
    sky = world.node_tree.nodes.new("ShaderNodeTexSky")
    sky.sky_type = "NISHITA"
    sky.sun_disc = False
    sky.sun_elevation = math.radians(sun_elevation_deg)
    sky.sun_rotation = math.radians(sun_azimuth_deg)
    sky.dust_density = 3.0
    background = world.node_tree.nodes["Background"]
    background.inputs["Strength"].default_value = sky_strength
    world.node_tree.links.new(sky.outputs["Color"], background.inputs["Color"])
    lamp = bpy.data.lights.new("sun", "SUN")
    lamp.energy = sun_strength
    lamp.angle = math.radians(0.8)
    lamp.color = (1.0, 0.95, 0.88)
    sun = bpy.data.objects.new("sun", lamp)
    # A lamp shines along its -z; turn it from straight down towards the horizon, then around.
    sun.rotation_euler = (math.radians(90 - sun_elevation_deg), 0.0, math.radians(180 - sun_azimuth_deg))
    bpy.context.scene.collection.objects.link(sun)
