"""Surfaces as Blender shader nodes. Imports bpy."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import bpy

from scripts.render_scenes.bodies import palette as bodies
from scripts.render_scenes.geometry.surface import Surface
from scripts.render_scenes.place import palette as place

SURFACES: dict[str, Surface] = {**place.SURFACES, **bodies.SURFACES}
WET_NODE = "wet"
SIGNAL_COLOURS = {"red": (1.0, 0.03, 0.02), "amber": (1.0, 0.45, 0.02), "green": (0.05, 0.9, 0.35)}
# Lamps of vehicles burn by day too when told so, but then outshine nothing.
LIGHTS_BY_DAY = 0.15


class Shop:
    """Makes each material once.

    `glow` is how brightly the street's own lights shine, 0-1; `wear` how old road and paint are, 0-1; `seed` varies
    the road.
    """

    def __init__(self, glow: float, wear: float, seed: int) -> None:
        self._glow = glow
        self.wear = wear
        self._shift = float(seed % 97) * 13.7
        self._wet: list[Any] = []

    def material(self, name: str) -> Any:
        """The material of that name."""
        if name in bpy.data.materials:
            return bpy.data.materials[name]
        made = bpy.data.materials.new(name)
        made.use_nodes = True
        tree, shader = made.node_tree, made.node_tree.nodes["Principled BSDF"]
        if name.startswith("plaster_"):
            _plaster(tree, shader, place.PLASTERS[int(name.removeprefix("plaster_"))])
        elif name in _TEXTURED:
            _TEXTURED[name](self, tree, shader)
        elif name in SURFACES:
            self._plain(name, tree, shader)
        else:
            raise KeyError(f"no surface is called {name!r}; list it in bodies/palette.py or place/palette.py")
        return made

    def signal(self, colour: str, lit: bool) -> Any:
        """The lens of a traffic light."""
        name = f"signal_{colour}_{lit}"
        if name in bpy.data.materials:
            return bpy.data.materials[name]
        made = bpy.data.materials.new(name)
        made.use_nodes = True
        shader, rgb = made.node_tree.nodes["Principled BSDF"], SIGNAL_COLOURS[colour]
        shader.inputs["Base Color"].default_value = (*(0.08 * v for v in rgb), 1.0)
        shader.inputs["Emission Color"].default_value = (*rgb, 1.0)
        shader.inputs["Emission Strength"].default_value = 6.0 if lit else 0.0
        return made

    def make_wet(self, wet: float) -> None:
        """How wet the ground is from now on, 0-1."""
        for node in self._wet:
            if node.outputs[0].default_value != wet:
                node.outputs[0].default_value = wet

    def wetness(self, tree: Any) -> Any:
        node = tree.nodes.new("ShaderNodeValue")
        node.name = WET_NODE
        node.outputs[0].default_value = 0.0
        self._wet.append(node)
        return node

    def _plain(self, name: str, tree: Any, shader: Any) -> None:
        surface = SURFACES[name]
        shader.inputs["Base Color"].default_value = (*surface.colour, 1.0)
        shader.inputs["Roughness"].default_value = surface.roughness
        shader.inputs["Metallic"].default_value = surface.metallic
        shader.inputs["Coat Weight"].default_value = surface.coat
        if not surface.glow:
            return
        shader.inputs["Emission Color"].default_value = (*(surface.glow_colour or surface.colour), 1.0)
        if name in ("headlamp", "taillamp"):
            # The object's alpha says whether its lamps burn.
            info, times = tree.nodes.new("ShaderNodeObjectInfo"), tree.nodes.new("ShaderNodeMath")
            times.operation = "MULTIPLY"
            times.inputs[1].default_value = surface.glow * max(self._glow, LIGHTS_BY_DAY)
            tree.links.new(info.outputs["Alpha"], times.inputs[0])
            tree.links.new(times.outputs[0], shader.inputs["Emission Strength"])
        else:
            shader.inputs["Emission Strength"].default_value = surface.glow * self._glow


def _coloured(roughness: float, coat: float) -> Callable[[Shop, Any, Any], None]:
    def shade(_shop: Shop, tree: Any, shader: Any) -> None:
        """In the object's own colour, so that all actors of a model share one mesh."""
        info = tree.nodes.new("ShaderNodeObjectInfo")
        tree.links.new(info.outputs["Color"], shader.inputs["Base Color"])
        shader.inputs["Roughness"].default_value = roughness
        shader.inputs["Coat Weight"].default_value = coat
        shader.inputs["Coat Roughness"].default_value = 0.05

    return shade


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


def _mix(tree: Any, share: Any, dry: float, wet: float) -> Any:
    """dry + (wet - dry) * share, as a node."""
    ramp = tree.nodes.new("ShaderNodeMapRange")
    ramp.inputs["To Min"].default_value, ramp.inputs["To Max"].default_value = dry, wet
    tree.links.new(share.outputs[0], ramp.inputs["Value"])
    return ramp


def _soaked(shop: Shop, tree: Any, shader: Any, colour: Any, *, dry_roughness: float, pools: bool) -> None:
    """Wet ground is darker and smoother, and shines where water gathers.

    Darkening after Lekner & Dorf (1988), Applied Optics 27, 1278: a water film makes rough ground absorb more.
    """
    wet = shop.wetness(tree)
    dark = tree.nodes.new("ShaderNodeMixRGB")
    dark.blend_type, dark.inputs[0].default_value = "MULTIPLY", 1.0
    tree.links.new(colour.outputs[0], dark.inputs[1])
    tree.links.new(_mix(tree, wet, 1.0, 0.45).outputs[0], dark.inputs[2])
    tree.links.new(dark.outputs[0], shader.inputs["Base Color"])
    smooth = wet
    if pools:
        puddle = _ramp(tree, _noise(tree, 0.45, (1.0, 0.35, 1.0), 3.0), [(0.42, (0.55,) * 3), (0.58, (1.0,) * 3)])
        smooth = tree.nodes.new("ShaderNodeMath")
        smooth.operation = "MULTIPLY"
        tree.links.new(wet.outputs[0], smooth.inputs[0])
        tree.links.new(puddle.outputs[0], smooth.inputs[1])
    tree.links.new(_mix(tree, smooth, dry_roughness, 0.07 if pools else 0.3).outputs[0], shader.inputs["Roughness"])


def _asphalt(shop: Shop, tree: Any, shader: Any) -> None:
    """Grey with repaired patches, wheel tracks drawn out along the road and fine grain; an old one is cracked."""
    old = shop.wear - 0.5
    patches = _ramp(
        tree,
        _noise(tree, 0.35, detail=6.0),
        [(0.35, tuple(v - 0.05 * old for v in (0.085, 0.085, 0.086))),
         (0.65, tuple(v + 0.06 * old for v in (0.140, 0.138, 0.134)))],
    )  # fmt: skip
    tracks = _ramp(tree, _noise(tree, 1.1, (1.0, 0.03, 1.0), 2.0), [(0.3, (0.72, 0.72, 0.72)), (0.7, (1.1, 1.1, 1.1))])
    grain = _ramp(tree, _noise(tree, 18.0, (1.0, 0.5, 1.0)), [(0.3, (0.8, 0.8, 0.8)), (0.7, (1.15, 1.15, 1.15))])
    colour = _multiply(tree, _multiply(tree, patches, tracks), grain)
    if old > 0:
        colour = _multiply(tree, colour, _cracks(tree, darkness=1.6 * old))
    _soaked(shop, tree, shader, colour, dry_roughness=0.85, pools=True)


def _cracks(tree: Any, darkness: float) -> Any:
    """A net of thin dark lines, some 4 m apart and never straight."""
    place_, bent = tree.nodes.new("ShaderNodeNewGeometry"), tree.nodes.new("ShaderNodeVectorMath")
    bent.operation = "ADD"
    tree.links.new(place_.outputs["Position"], bent.inputs[0])
    tree.links.new(_noise(tree, 0.9, detail=5.0).outputs["Color"], bent.inputs[1])
    cells = tree.nodes.new("ShaderNodeTexVoronoi")
    cells.feature = "DISTANCE_TO_EDGE"
    cells.inputs["Scale"].default_value = 0.26
    tree.links.new(bent.outputs[0], cells.inputs["Vector"])
    return _ramp(tree, cells, [(0.0, (1.0 - darkness,) * 3), (0.012, (1.0,) * 3)])


def _marking(shop: Shop, tree: Any, shader: Any) -> None:
    """Paint that has worn off in places."""
    gone = 0.2 * (shop.wear - 0.5)
    worn = _ramp(
        tree, _noise(tree, 7.0, detail=5.0), [(0.36 + gone, (0.16, 0.16, 0.155)), (0.48 + gone, (0.62, 0.62, 0.58))]
    )
    _soaked(shop, tree, shader, worn, dry_roughness=0.7, pools=False)


def _paving(shop: Shop, tree: Any, shader: Any) -> None:
    place_ = tree.nodes.new("ShaderNodeNewGeometry")
    tiles = tree.nodes.new("ShaderNodeTexBrick")
    tiles.inputs["Scale"].default_value = 1.2
    tiles.inputs["Color1"].default_value = (0.28, 0.26, 0.24, 1.0)
    tiles.inputs["Color2"].default_value = (0.22, 0.17, 0.15, 1.0)
    tiles.inputs["Mortar"].default_value = (0.12, 0.12, 0.11, 1.0)
    tree.links.new(place_.outputs["Position"], tiles.inputs["Vector"])
    _soaked(shop, tree, shader, tiles, dry_roughness=0.9, pools=False)


def _concrete(_shop: Shop, tree: Any, shader: Any) -> None:
    ramp = _ramp(tree, _noise(tree, 3.0), [(0.3, (0.24, 0.235, 0.225)), (0.7, (0.34, 0.33, 0.32))])
    tree.links.new(ramp.outputs[0], shader.inputs["Base Color"])
    shader.inputs["Roughness"].default_value = 0.9


def _grass(_shop: Shop, tree: Any, shader: Any) -> None:
    ramp = _ramp(tree, _noise(tree, 2.5), [(0.3, (0.025, 0.045, 0.012)), (0.7, (0.07, 0.085, 0.03))])
    tree.links.new(ramp.outputs[0], shader.inputs["Base Color"])
    shader.inputs["Roughness"].default_value = 1.0


def _leaf(_shop: Shop, tree: Any, shader: Any) -> None:
    ramp = _ramp(tree, _noise(tree, 1.4), [(0.3, (0.018, 0.045, 0.010)), (0.7, (0.06, 0.11, 0.025))])
    tree.links.new(ramp.outputs[0], shader.inputs["Base Color"])
    shader.inputs["Roughness"].default_value = 0.6


def _plaster(tree: Any, shader: Any, colour: tuple[float, float, float]) -> None:
    """A painted wall with rain streaks and stains."""
    flat = tree.nodes.new("ShaderNodeRGB")
    flat.outputs[0].default_value = (*colour, 1.0)
    streaks = _ramp(
        tree, _noise(tree, 2.2, (1.0, 1.0, 0.12), 4.0), [(0.32, (0.68, 0.66, 0.62)), (0.55, (1.0, 1.0, 1.0))]
    )
    tree.links.new(_multiply(tree, flat, streaks).outputs[0], shader.inputs["Base Color"])
    shader.inputs["Roughness"].default_value = 0.9


_TEXTURED: dict[str, Callable[[Shop, Any, Any], None]] = {
    "asphalt": _asphalt, "marking": _marking, "paving": _paving, "concrete": _concrete, "grass": _grass, "leaf": _leaf,
    "paint": _coloured(0.35, 0.8), "shirt": _coloured(0.85, 0.0), "canvas": _coloured(0.7, 0.1),
}  # fmt: skip
