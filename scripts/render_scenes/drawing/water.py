"""Standing water: a murky sheet with ripples that move, and rings where rain falls into it. Imports bpy."""

from __future__ import annotations

from typing import Any

import bpy

from scripts.render_scenes.place.plan import StreetPlan
from scripts.render_scenes.place.relief import LOWEST_M

MURK = (0.105, 0.082, 0.055)
REACH_M = 150.0


class Water:
    """A plane at the water's level over the whole street; it reflects, and what stands in it is cut off by it."""

    def __init__(self, plan: StreetPlan) -> None:
        sheet = bpy.data.meshes.new("water")
        x, y0, y1 = REACH_M, -20.0, plan.far_m
        sheet.from_pydata([(-x, y0, 0), (x, y0, 0), (x, y1, 0), (-x, y1, 0)], [], [(0, 1, 2, 3)])
        self._made = bpy.data.objects.new("water", sheet)
        bpy.context.scene.collection.objects.link(self._made)
        self._waves, self._rings = self._shade(sheet)
        self._made.hide_render = True

    def _shade(self, sheet: Any) -> tuple[Any, Any]:
        made = bpy.data.materials.new("water")
        made.use_nodes = True
        tree = made.node_tree
        shader = tree.nodes["Principled BSDF"]
        shader.inputs["Base Color"].default_value = (*MURK, 1.0)
        shader.inputs["Roughness"].default_value = 0.05
        shader.inputs["IOR"].default_value = 1.33
        place = tree.nodes.new("ShaderNodeNewGeometry")
        waves, rings = tree.nodes.new("ShaderNodeTexNoise"), tree.nodes.new("ShaderNodeTexNoise")
        bumps = []
        for noise, scale, strength in ((waves, 1.6, 0.10), (rings, 9.0, 0.0)):
            noise.noise_dimensions = "4D"
            noise.inputs["Scale"].default_value = scale
            noise.inputs["Detail"].default_value = 2.0
            bump = tree.nodes.new("ShaderNodeBump")
            bump.inputs["Strength"].default_value = strength
            bump.inputs["Distance"].default_value = 0.25
            tree.links.new(place.outputs["Position"], noise.inputs["Vector"])
            tree.links.new(noise.outputs[0], bump.inputs["Height"])
            bumps.append(bump)
        tree.links.new(bumps[0].outputs["Normal"], bumps[1].inputs["Normal"])
        tree.links.new(bumps[1].outputs["Normal"], shader.inputs["Normal"])
        sheet.materials.append(made)
        self._ring_bump = bumps[1]
        return waves, rings

    def show(self, level_m: float, rain: float, time_s: float) -> None:
        """Raise or lower the sheet; below the road's deepest dip there is none."""
        hidden = level_m <= LOWEST_M
        if self._made.hide_render != hidden:
            self._made.hide_render = hidden
        if hidden:
            return
        self._made.location = (0.0, 0.0, level_m)
        self._waves.inputs["W"].default_value = time_s * 0.5
        self._rings.inputs["W"].default_value = time_s * 2.5
        self._ring_bump.inputs["Strength"].default_value = 0.16 * rain
