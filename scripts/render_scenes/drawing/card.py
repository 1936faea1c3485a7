"""A black card right before the lens, over what need not be drawn: a path that meets it costs nothing.

Only the camera sees it, so that the street keeps its light and its shadows. Imports bpy.
"""

from __future__ import annotations

from typing import Any

import bpy
import numpy as np

from scripts.render_scenes.drawing.regions import outside
from scripts.render_scenes.geometry.camera import Camera

AWAY_M = 0.15


class Card:
    """Hangs before a camera and is cut anew for each picture."""

    def __init__(self, before: Any) -> None:
        self._camera, self._mesh = before, bpy.data.meshes.new("card")
        self._mesh.materials.append(_black())
        self._made = bpy.data.objects.new("card", self._mesh)
        bpy.context.scene.collection.objects.link(self._made)
        for ray in ("diffuse", "glossy", "transmission", "volume_scatter", "shadow"):
            setattr(self._made, f"visible_{ray}", False)
        self._made.hide_render = True

    def hide(self, mask: np.ndarray | None, camera: Camera) -> None:
        """Hide all but what the mask (H, W) shows and a margin; None takes the card away."""
        self._made.hide_render = mask is None
        if mask is None:
            return
        scale = AWAY_M / camera.focal_px
        corners = outside(mask).astype(float)
        x, y = (corners[..., 0] - camera.width_px / 2) * scale, (camera.height_px / 2 - corners[..., 1]) * scale
        vertices = np.stack([x, y, np.full_like(x, -AWAY_M)], axis=-1).reshape(-1, 3)
        faces = np.arange(len(vertices)).reshape(-1, 4)
        self._mesh.clear_geometry()
        self._mesh.from_pydata(vertices.tolist(), [], faces.tolist())
        self._mesh.update()
        self._made.matrix_world = self._camera.matrix_world


def _black() -> Any:
    made = bpy.data.materials.new("card")
    made.use_nodes = True
    tree = made.node_tree
    tree.nodes.clear()
    glow, out = tree.nodes.new("ShaderNodeEmission"), tree.nodes.new("ShaderNodeOutputMaterial")
    glow.inputs["Strength"].default_value = 0.0
    tree.links.new(glow.outputs[0], out.inputs["Surface"])
    return made
