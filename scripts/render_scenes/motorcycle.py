"""A scooter with its rider. Local axes as in `car_body`; metres."""

from __future__ import annotations

from scripts.render_scenes.mesh import Mesh, ball, box, merge, rod

LENGTH_M = 1.9


def scooter() -> Mesh:
    parts = []
    for x in (0.63, -0.62):
        parts += [
            rod((x, -0.055, 0.27), (x, 0.055, 0.27), 0.27, "tyre", 18),
            rod((x, -0.062, 0.27), (x, 0.062, 0.27), 0.16, "rim", 12),
        ]
    parts += [
        ball((0.50, 0, 0.62), (0.14, 0.19, 0.36), "paint"),  # leg shield
        ball((0.64, 0, 0.50), (0.20, 0.08, 0.09), "paint"),  # mudguard
        ball((-0.42, 0, 0.56), (0.52, 0.16, 0.20), "paint"),  # tail
        ball((-0.30, 0, 0.74), (0.46, 0.14, 0.08), "plastic"),  # seat
        box((-0.15, 0.45), (-0.15, 0.15), (0.25, 0.34), "plastic"),  # floor
        box((-0.7, -0.1), (-0.12, 0.12), (0.22, 0.45), "plastic"),  # engine
        rod((0.62, 0, 0.30), (0.42, 0, 1.02), 0.045, "plastic"),  # fork
        rod((0.40, -0.34, 1.03), (0.40, 0.34, 1.03), 0.02, "plastic"),  # handlebar
        ball((0.46, 0, 0.98), (0.11, 0.15, 0.11), "paint"),  # cowl
        ball((0.555, 0, 0.97), (0.03, 0.09, 0.06), "headlamp"),
        ball((-0.93, 0, 0.62), (0.04, 0.08, 0.05), "taillamp"),
        box((0.73, 0.75), (-0.12, 0.12), (0.66, 0.75), "plate"),
        rod((-0.75, -0.17, 0.35), (-0.15, -0.17, 0.30), 0.055, "rim"),  # exhaust
    ]
    for side in (1, -1):
        parts += [
            rod((0.40, side * 0.24, 1.03), (0.44, side * 0.32, 1.20), 0.012, "plastic", 6),
            ball((0.44, side * 0.33, 1.23), (0.02, 0.07, 0.05), "plastic"),
        ]
    return merge(parts)


def rider() -> Mesh:
    parts = [
        ball((-0.20, 0, 1.12), (0.15, 0.215, 0.33), "jacket"),  # torso
        ball((-0.24, 0, 0.86), (0.20, 0.20, 0.14), "trousers"),  # hips
        rod((-0.17, 0, 1.36), (-0.15, 0, 1.50), 0.06, "skin"),
        ball((-0.13, 0, 1.57), (0.135, 0.125, 0.14), "helmet"),
        ball((-0.055, 0, 1.565), (0.075, 0.10, 0.065), "glass"),  # visor
    ]
    for side in (1, -1):
        parts += [
            rod((-0.19, side * 0.20, 1.33), (0.04, side * 0.30, 1.08), 0.062, "jacket", 8, 0.05),
            rod((0.04, side * 0.30, 1.08), (0.38, side * 0.29, 1.05), 0.05, "jacket", 8, 0.04),
            ball((0.40, side * 0.29, 1.05), (0.05, 0.05, 0.05), "skin"),
            rod((-0.25, side * 0.11, 0.84), (0.18, side * 0.19, 0.80), 0.09, "trousers", 8, 0.075),
            rod((0.18, side * 0.19, 0.80), (0.12, side * 0.17, 0.38), 0.07, "trousers", 8, 0.05),
            ball((0.18, side * 0.17, 0.37), (0.14, 0.05, 0.05), "plastic"),
        ]
    return merge(parts)


def motorcycle() -> Mesh:
    return merge([scooter(), rider()])
