"""What a plain surface looks like; each room that makes meshes lists its own, drawing turns them into shaders."""

from __future__ import annotations

from dataclasses import dataclass

Colour = tuple[float, float, float]


@dataclass(frozen=True, slots=True)
class Surface:
    """`colour` is linear RGB, the rest are Principled BSDF values; `glow` is the emission strength when lamps burn."""

    colour: Colour
    roughness: float = 0.6
    metallic: float = 0.0
    coat: float = 0.0
    glow: float = 0.0
    glow_colour: Colour | None = None
