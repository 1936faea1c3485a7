"""Surfaces as Blender shader nodes. Imports bpy."""

from __future__ import annotations

from typing import Any

import bpy

# name: (linear RGB, roughness, metallic, coat, emission strength)
PLAIN: dict[str, tuple[tuple[float, float, float], float, float, float, float]] = {
    "glass": ((0.012, 0.016, 0.018), 0.04, 0.0, 0.0, 0.0),
    "plastic": ((0.014, 0.014, 0.015), 0.55, 0.0, 0.0, 0.0),
    "grille": ((0.02, 0.02, 0.022), 0.30, 0.3, 0.0, 0.0),
    "chrome": ((0.55, 0.56, 0.58), 0.15, 1.0, 0.0, 0.0),
    "headlamp": ((0.62, 0.65, 0.68), 0.10, 0.1, 1.0, 0.0),
    "taillamp": ((0.40, 0.008, 0.008), 0.15, 0.0, 1.0, 0.0),
    "tyre": ((0.012, 0.012, 0.012), 0.85, 0.0, 0.0, 0.0),
    "rim": ((0.42, 0.43, 0.45), 0.28, 0.9, 0.0, 0.0),
    "plate": ((0.60, 0.60, 0.58), 0.5, 0.0, 0.0, 0.0),
    "sign": ((0.80, 0.80, 0.74), 0.4, 0.0, 0.0, 0.0),
    "stripe": ((0.05, 0.20, 0.45), 0.35, 0.0, 0.3, 0.0),
    "cargo": ((0.52, 0.54, 0.55), 0.5, 0.2, 0.0, 0.0),
    "skin": ((0.30, 0.15, 0.09), 0.6, 0.0, 0.0, 0.0),
    "jacket": ((0.05, 0.06, 0.05), 0.8, 0.0, 0.0, 0.0),
    "trousers": ((0.02, 0.025, 0.05), 0.85, 0.0, 0.0, 0.0),
    "marking": ((0.62, 0.62, 0.58), 0.7, 0.0, 0.0, 0.0),
    "kerb_white": ((0.58, 0.57, 0.54), 0.8, 0.0, 0.0, 0.0),
    "kerb_black": ((0.03, 0.03, 0.03), 0.8, 0.0, 0.0, 0.0),
    "wall": ((0.40, 0.37, 0.32), 0.9, 0.0, 0.0, 0.0),
    "shutter": ((0.33, 0.36, 0.38), 0.5, 0.3, 0.0, 0.0),
    "bark": ((0.09, 0.065, 0.045), 0.9, 0.0, 0.0, 0.0),
    "pole": ((0.22, 0.23, 0.24), 0.5, 0.4, 0.0, 0.0),
    "pot": ((0.24, 0.09, 0.05), 0.8, 0.0, 0.0, 0.0),
    "plaster_0": ((0.52, 0.48, 0.40), 0.9, 0.0, 0.0, 0.0),
    "plaster_1": ((0.42, 0.46, 0.44), 0.9, 0.0, 0.0, 0.0),
    "plaster_2": ((0.55, 0.54, 0.52), 0.9, 0.0, 0.0, 0.0),
    "plaster_3": ((0.40, 0.30, 0.22), 0.9, 0.0, 0.0, 0.0),
    "plaster_4": ((0.30, 0.36, 0.42), 0.9, 0.0, 0.0, 0.0),
    "sign_0": ((0.50, 0.03, 0.02), 0.5, 0.0, 0.0, 0.0),
    "sign_1": ((0.03, 0.10, 0.40), 0.5, 0.0, 0.0, 0.0),
    "sign_2": ((0.60, 0.42, 0.03), 0.5, 0.0, 0.0, 0.0),
    "sign_3": ((0.03, 0.25, 0.08), 0.5, 0.0, 0.0, 0.0),
    "sign_4": ((0.60, 0.60, 0.58), 0.5, 0.0, 0.0, 0.0),
}  # fmt: skip


def material(name: str) -> Any:
    """The material of that name, made on first use."""
    if name in bpy.data.materials:
        return bpy.data.materials[name]
    made = bpy.data.materials.new(name)
    made.use_nodes = True
    shader = made.node_tree.nodes["Principled BSDF"]
    if name in PLAIN:
        colour, roughness, metallic, coat, emission = PLAIN[name]
        shader.inputs["Base Color"].default_value = (*colour, 1.0)
        shader.inputs["Roughness"].default_value = roughness
        shader.inputs["Metallic"].default_value = metallic
        shader.inputs["Coat Weight"].default_value = coat
        shader.inputs["Emission Color"].default_value = (*colour, 1.0)
        shader.inputs["Emission Strength"].default_value = emission
        return made
    {"paint": _paint, "helmet": _paint, "asphalt": _asphalt, "paving": _paving, "grass": _grass, "leaf": _leaf}[name](
        made.node_tree, shader
    )
    return made


def _paint(tree: Any, shader: Any) -> None:
    """Lacquer in the object's own colour, so that all vehicles of a model share one mesh."""
    info = tree.nodes.new("ShaderNodeObjectInfo")
    tree.links.new(info.outputs["Color"], shader.inputs["Base Color"])
    shader.inputs["Roughness"].default_value = 0.35
    shader.inputs["Coat Weight"].default_value = 0.8
    shader.inputs["Coat Roughness"].default_value = 0.05


def _noise(tree: Any, scale: float, stretch: tuple[float, float, float] = (1.0, 1.0, 1.0), detail: float = 4.0) -> Any:
    place = tree.nodes.new("ShaderNodeNewGeometry")
    mapping = tree.nodes.new("ShaderNodeMapping")
    mapping.inputs["Scale"].default_value = stretch
    noise = tree.nodes.new("ShaderNodeTexNoise")
    noise.inputs["Scale"].default_value = scale
    noise.inputs["Detail"].default_value = detail
    tree.links.new(place.outputs["Position"], mapping.inputs["Vector"])
    tree.links.new(mapping.outputs["Vector"], noise.inputs["Vector"])
    return noise


def _ramp(tree: Any, source: Any, stops: list[tuple[float, tuple[float, float, float]]]) -> Any:
    ramp = tree.nodes.new("ShaderNodeValToRGB")
    ramp.color_ramp.elements[0].position, ramp.color_ramp.elements[0].color = stops[0][0], (*stops[0][1], 1.0)
    ramp.color_ramp.elements[1].position, ramp.color_ramp.elements[1].color = stops[-1][0], (*stops[-1][1], 1.0)
    for position, colour in stops[1:-1]:
        ramp.color_ramp.elements.new(position).color = (*colour, 1.0)
    tree.links.new(source.outputs[0], ramp.inputs[0])
    return ramp


def _multiply(tree: Any, a: Any, b: Any) -> Any:
    mix = tree.nodes.new("ShaderNodeMixRGB")
    mix.blend_type = "MULTIPLY"
    mix.inputs[0].default_value = 1.0
    tree.links.new(a.outputs[0], mix.inputs[1])
    tree.links.new(b.outputs[0], mix.inputs[2])
    return mix


def _asphalt(tree: Any, shader: Any) -> None:
    """Grey with repaired patches, wheel tracks drawn out along the road and fine grain."""
    patches = _ramp(
        tree, _noise(tree, 0.35, detail=6.0), [(0.35, (0.085, 0.085, 0.086)), (0.65, (0.140, 0.138, 0.134))]
    )
    tracks = _ramp(tree, _noise(tree, 1.1, (1.0, 0.03, 1.0), 2.0), [(0.3, (0.72, 0.72, 0.72)), (0.7, (1.1, 1.1, 1.1))])
    grain = _ramp(tree, _noise(tree, 18.0, (1.0, 0.5, 1.0)), [(0.3, (0.8, 0.8, 0.8)), (0.7, (1.15, 1.15, 1.15))])
    colour = _multiply(tree, _multiply(tree, patches, tracks), grain)
    tree.links.new(colour.outputs[0], shader.inputs["Base Color"])
    shader.inputs["Roughness"].default_value = 0.85


def _paving(tree: Any, shader: Any) -> None:
    place = tree.nodes.new("ShaderNodeNewGeometry")
    tiles = tree.nodes.new("ShaderNodeTexBrick")
    tiles.inputs["Scale"].default_value = 1.2
    tiles.inputs["Color1"].default_value = (0.28, 0.26, 0.24, 1.0)
    tiles.inputs["Color2"].default_value = (0.22, 0.17, 0.15, 1.0)
    tiles.inputs["Mortar"].default_value = (0.12, 0.12, 0.11, 1.0)
    tree.links.new(place.outputs["Position"], tiles.inputs["Vector"])
    tree.links.new(tiles.outputs["Color"], shader.inputs["Base Color"])
    shader.inputs["Roughness"].default_value = 0.9


def _grass(tree: Any, shader: Any) -> None:
    ramp = _ramp(tree, _noise(tree, 2.5), [(0.3, (0.025, 0.045, 0.012)), (0.7, (0.07, 0.085, 0.03))])
    tree.links.new(ramp.outputs[0], shader.inputs["Base Color"])
    shader.inputs["Roughness"].default_value = 1.0


def _leaf(tree: Any, shader: Any) -> None:
    ramp = _ramp(tree, _noise(tree, 1.4), [(0.3, (0.018, 0.045, 0.010)), (0.7, (0.06, 0.11, 0.025))])
    tree.links.new(ramp.outputs[0], shader.inputs["Base Color"])
    shader.inputs["Roughness"].default_value = 0.6
