"""Plain surfaces of what stands in a street. Textured ones ("asphalt", "paving", "grass", "leaf", "marking",
"concrete", "plaster_0" to "plaster_9") are drawing's; the plaster's colours are here."""

from __future__ import annotations

from scripts.render_scenes.geometry.surface import Colour, Surface

PLASTERS: tuple[Colour, ...] = (
    (0.52, 0.48, 0.40), (0.42, 0.46, 0.44), (0.55, 0.54, 0.52), (0.40, 0.30, 0.22), (0.30, 0.36, 0.42),
    (0.50, 0.42, 0.22), (0.32, 0.42, 0.30), (0.46, 0.33, 0.32), (0.60, 0.58, 0.50), (0.25, 0.25, 0.26),
)  # fmt: skip
SIGNS: tuple[Colour, ...] = (
    (0.50, 0.03, 0.02), (0.03, 0.10, 0.40), (0.60, 0.42, 0.03), (0.03, 0.25, 0.08), (0.60, 0.60, 0.58),
    (0.55, 0.18, 0.02), (0.02, 0.22, 0.30), (0.30, 0.03, 0.20),
)  # fmt: skip

SURFACES: dict[str, Surface] = {
    "kerb_white": Surface((0.58, 0.57, 0.54), 0.8),
    "kerb_black": Surface((0.03, 0.03, 0.03), 0.8),
    "wall": Surface((0.40, 0.37, 0.32), 0.9),
    "shutter": Surface((0.33, 0.36, 0.38), 0.5, 0.3),
    "shopfront": Surface((0.03, 0.035, 0.04), 0.08, glow=1.6, glow_colour=(1.0, 0.86, 0.62)),
    "window": Surface((0.02, 0.024, 0.028), 0.06, glow=0.35, glow_colour=(1.0, 0.80, 0.52)),
    "frame": Surface((0.20, 0.19, 0.18), 0.6),
    "bark": Surface((0.09, 0.065, 0.045), 0.9),
    "pole": Surface((0.22, 0.23, 0.24), 0.5, 0.4),
    "lamp": Surface((0.75, 0.74, 0.70), 0.3, glow=30.0, glow_colour=(1.0, 0.72, 0.38)),
    "pot": Surface((0.24, 0.09, 0.05), 0.8),
    "bin": Surface((0.04, 0.16, 0.07), 0.6),
    "roof_tile": Surface((0.26, 0.09, 0.05), 0.8),
    "roof_metal": Surface((0.30, 0.31, 0.32), 0.5, 0.5),
    "gate": Surface((0.05, 0.06, 0.06), 0.5, 0.5),
    "unit": Surface((0.55, 0.55, 0.53), 0.6),
    "manhole": Surface((0.06, 0.058, 0.055), 0.7, 0.4),
    "tactile": Surface((0.45, 0.33, 0.05), 0.8),
    "sign_face": Surface((0.60, 0.60, 0.58), 0.5),
    "sign_blue": Surface((0.02, 0.08, 0.40), 0.4),
    "sign_red": Surface((0.45, 0.02, 0.02), 0.4),
    "letters": Surface((0.70, 0.70, 0.66), 0.5, glow=0.8),
    "signal_box": Surface((0.02, 0.02, 0.02), 0.5),
    **{f"sign_{i}": Surface(colour, 0.5, glow=0.7) for i, colour in enumerate(SIGNS)},
}
