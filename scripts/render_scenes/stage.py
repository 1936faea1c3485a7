"""The scene inside Blender: meshes become objects, vehicles are moved frame by frame, Cycles renders. Imports bpy."""

from __future__ import annotations

import math
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import bpy
import cv2
import numpy as np
from mathutils import Matrix

from scripts.render_scenes import fleet, light, street
from scripts.render_scenes.camera import Camera
from scripts.render_scenes.materials import material
from scripts.render_scenes.mesh import Mesh
from scripts.render_scenes.scenes import Placed, Scene
from scripts.render_scenes.silhouette import Region

SMOOTH_BELOW_DEG = 38.0


def _blender_mesh(name: str, mesh: Mesh, smooth: bool) -> Any:
    made = bpy.data.meshes.new(name)
    made.from_pydata(mesh.vertices.tolist(), [], [list(face) for face in mesh.faces])
    names = sorted(set(mesh.materials))
    for material_name in names:
        made.materials.append(material(material_name))
    slot = {material_name: i for i, material_name in enumerate(names)}
    made.polygons.foreach_set("material_index", [slot[m] for m in mesh.materials])
    if smooth:
        made.polygons.foreach_set("use_smooth", [True] * len(mesh.faces))
        made.set_sharp_from_angle(angle=math.radians(SMOOTH_BELOW_DEG))
    made.update()
    return made


def _link(name: str, data: Any) -> Any:
    made = bpy.data.objects.new(name, data)
    bpy.context.scene.collection.objects.link(made)
    return made


def _look_through(camera: Camera) -> None:
    data = bpy.data.cameras.new("camera")
    data.sensor_fit = "HORIZONTAL"
    data.sensor_width = 36.0
    data.lens = 36.0 * camera.focal_px / camera.width_px
    data.clip_end = 2000.0
    made = _link("camera", data)
    right, down, forward = camera.rotation
    columns = [right, -down, -forward]
    rows = [[*(column[i] for column in columns), camera.position_m[i]] for i in range(3)]
    made.matrix_world = Matrix([*rows, [0.0, 0.0, 0.0, 1.0]])
    bpy.context.scene.camera = made


def _settings(camera: Camera, threads: int) -> None:
    scene = bpy.context.scene
    scene.render.engine = "CYCLES"
    scene.render.resolution_x, scene.render.resolution_y = camera.width_px, camera.height_px
    scene.render.resolution_percentage = 100
    scene.render.image_settings.file_format = "PNG"
    scene.render.image_settings.color_mode = "RGB"
    scene.render.image_settings.compression = 30
    # Keeps the street and its acceleration structure between frames.
    scene.render.use_persistent_data = True
    scene.render.threads_mode, scene.render.threads = "FIXED", threads
    scene.view_settings.view_transform = "AgX"
    scene.view_settings.look = "AgX - Medium High Contrast"
    cycles = scene.cycles
    cycles.device = "CPU"
    cycles.use_adaptive_sampling = False
    # One seed for all frames: what does not move keeps its noise, which costs the video encoder nothing.
    cycles.seed = 0
    cycles.use_denoising = True
    cycles.denoiser = "OPENIMAGEDENOISE"
    cycles.denoising_input_passes = "RGB_ALBEDO_NORMAL"
    cycles.denoising_prefilter = "NONE"
    cycles.max_bounces, cycles.diffuse_bounces, cycles.glossy_bounces = 3, 2, 2
    cycles.transmission_bounces = cycles.transparent_max_bounces = 1
    # Nothing that glows here lights anything else by day.
    cycles.use_light_tree = False
    cycles.caustics_reflective = cycles.caustics_refractive = False


class Stage:
    """A built street with a camera: `place` the vehicles, then `render`."""

    def __init__(self, scene: Scene, threads: int) -> None:
        bpy.ops.wm.read_factory_settings(use_empty=True)
        self._scene = scene
        self._vehicles: dict[int, Any] = {}
        self._meshes = {m.name: _blender_mesh(m.name, fleet.mesh(m.name), smooth=True) for m in fleet.MODELS}
        _settings(scene.camera, threads)
        _look_through(scene.camera)
        light.day(scene.sun_elevation_deg, scene.sun_azimuth_deg, sun_strength=3.2, sky_strength=0.28)
        parts, trees = street.build(scene.seed)
        meshes = {part.name: _blender_mesh(part.name, part.mesh, part.smooth) for part in parts}
        for name, mesh in meshes.items():
            if not name.startswith("tree_"):
                _link(name, mesh)
        for name, x, y, turn, scale in trees:
            made = _link(name, meshes[name])
            made.location, made.rotation_euler, made.scale = (x, y, 0.0), (0.0, 0.0, turn), (scale,) * 3

    def place(self, vehicles: Sequence[Placed]) -> None:
        """Show exactly these vehicles."""
        shown = {v.track for v in vehicles}
        for track in [t for t in self._vehicles if t not in shown]:
            bpy.data.objects.remove(self._vehicles.pop(track))
        for vehicle in vehicles:
            made = self._vehicles.get(vehicle.track)
            if made is None:
                made = self._vehicles[vehicle.track] = _link(f"vehicle_{vehicle.track}", self._meshes[vehicle.model])
                made.color = (*fleet.colour_of(vehicle.track, vehicle.model, self._scene.seed), 1.0)
            made.location = (vehicle.x_m, vehicle.y_m, 0.0)
            made.rotation_euler = (0.0, 0.0, vehicle.turn_rad)

    def render(self, path: Path, samples: int, region: Region | None = None) -> np.ndarray:
        """Draw the picture, or a region of it (x0, y0, x1, y1 px, the end outside), and return it as BGR."""
        bpy.context.scene.cycles.samples = samples
        settings, camera = bpy.context.scene.render, self._scene.camera
        settings.use_border = settings.use_crop_to_border = region is not None
        if region is not None:
            x0, y0, x1, y1 = region
            # Blender cuts these shares down to whole pixels; a quarter of a pixel keeps it from landing one short.
            left, right = (x0 + 0.25) / camera.width_px, (x1 + 0.25) / camera.width_px
            low, high = (
                (camera.height_px - y1 + 0.25) / camera.height_px,
                (camera.height_px - y0 + 0.25) / camera.height_px,
            )
            settings.border_min_x, settings.border_max_x = left, min(1.0, right)
            settings.border_min_y, settings.border_max_y = low, min(1.0, high)
        settings.filepath = str(path)
        bpy.ops.render.render(write_still=True)
        picture = cv2.imread(str(path))
        if picture is None:
            raise OSError(f"Cycles left no readable picture at {path}; is the disk full?")
        if region is not None and picture.shape[:2] != (region[3] - region[1], region[2] - region[0]):
            raise RuntimeError(f"asked Cycles for the region {region}, got {picture.shape[1]}x{picture.shape[0]}")
        return picture
