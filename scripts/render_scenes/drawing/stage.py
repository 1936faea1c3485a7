"""A scene inside Blender: the street stands, actors come and go, Cycles renders. Imports bpy."""

from __future__ import annotations

import math
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import bpy
import cv2
import numpy as np
from mathutils import Matrix

from scripts.render_scenes.bodies import catalogue
from scripts.render_scenes.drawing import light
from scripts.render_scenes.drawing.card import Card
from scripts.render_scenes.drawing.materials import SIGNAL_COLOURS, Shop
from scripts.render_scenes.drawing.regions import around, canvas_camera
from scripts.render_scenes.drawing.water import Water
from scripts.render_scenes.geometry.camera import Camera
from scripts.render_scenes.geometry.mesh import Mesh
from scripts.render_scenes.moment import Actor, Moment
from scripts.render_scenes.place.build import build
from scripts.render_scenes.place.furniture import signal_disc
from scripts.render_scenes.scenes.scene import Scene

SMOOTH_BELOW_DEG = 38.0
DISC_M, DISC_APART_M = 0.13, 0.34


class Stage:
    """`show` a moment, then `render` it or take its `identities`."""

    def __init__(self, scene: Scene, threads: int) -> None:
        bpy.ops.wm.read_factory_settings(use_empty=True)
        self._scene, self._place = scene, build(scene.plan)
        self._actors: dict[int, Any] = {}
        self._meshes: dict[tuple[str, int], Any] = {}
        self._statics: list[Any] = []
        _settings(scene.camera.canvas, threads)
        self._preset = light.shine(scene.weather, self._place)
        self._shop = Shop(self._preset.glow, scene.plan.wear, scene.seed)
        self._camera = _camera(scene.camera.canvas)
        self._headlamps, self._water, self._card = light.Headlamps(), Water(scene.plan), Card(self._camera)
        self._stand()
        self._discs = self._hang_signals()
        self._aimed: Camera | None = None

    def _stand(self) -> None:
        for part in self._place.parts:
            self._statics.append(_link(part.name, self._mesh(part.name, part.mesh, smooth=part.smooth)))
        models = {name: self._mesh(name, part.mesh, smooth=part.smooth) for name, part in self._place.models.items()}
        for instance in self._place.instances:
            made = _link(instance.part, models[instance.part])
            made.location = (instance.x_m, instance.y_m, instance.z_m)
            made.rotation_euler, made.scale = (0.0, 0.0, instance.turn_rad), (instance.scale,) * 3
            self._statics.append(made)

    def _hang_signals(self) -> list[tuple[str, str, Any]]:
        found = []
        for head in self._place.signals:
            for row, colour in enumerate(SIGNAL_COLOURS):
                made = _link("lens", self._mesh(f"lens_{len(found)}", signal_disc(), smooth=False, bare=True))
                cos, sin = math.cos(head.turn_rad), math.sin(head.turn_rad)
                made.location = (head.x_m + 0.115 * cos, head.y_m + 0.115 * sin, head.z_m + DISC_APART_M * (1 - row))
                made.rotation_euler, made.scale = (0.0, 0.0, head.turn_rad), (DISC_M,) * 3
                made.data.materials.append(self._shop.signal(colour, lit=False))
                found.append((head.group, colour, made))
                self._statics.append(made)
        return found

    def _mesh(self, name: str, mesh: Mesh, *, smooth: bool, bare: bool = False) -> Any:
        made = bpy.data.meshes.new(name)
        made.from_pydata(mesh.vertices.tolist(), [], [list(face) for face in mesh.faces])
        if not bare:
            names = sorted(set(mesh.materials))
            for material_name in names:
                made.materials.append(self._shop.material(material_name))
            slot = {material_name: i for i, material_name in enumerate(names)}
            made.polygons.foreach_set("material_index", [slot[m] for m in mesh.materials])
        if smooth:
            made.polygons.foreach_set("use_smooth", [True] * len(mesh.faces))
            made.set_sharp_from_angle(angle=math.radians(SMOOTH_BELOW_DEG))
        made.update()
        return made

    def show(self, moment: Moment, *, empty: bool = False) -> None:
        """Show exactly this moment, or the same without anybody."""
        actors = () if empty else moment.actors
        self._place_actors(actors)
        lit = [a for a in actors if a.lights and catalogue.BY_NAME[a.model].kind not in ("person", "vendor")]
        noses = [catalogue.BY_NAME[a.model].length_m / 2 for a in lit]
        self._headlamps.follow(lit, noses, self._scene.camera.position_m[1])
        self._water.show(moment.water_m, moment.rain, moment.time_s)
        self._shop.make_wet(moment.wet)
        for group, colour, made in self._discs:
            lens = self._shop.signal(colour, lit=moment.signals.get(group) == colour)
            if made.data.materials[0] != lens:
                made.data.materials[0] = lens
        aimed = canvas_camera(self._scene, moment)
        if aimed != self._aimed:
            _aim(self._camera, aimed)
            self._aimed = aimed

    def _place_actors(self, actors: Sequence[Actor]) -> None:
        shown = {actor.track for actor in actors}
        for track in [track for track in self._actors if track not in shown]:
            bpy.data.objects.remove(self._actors.pop(track))
        for actor in actors:
            key = (actor.model, actor.pose)
            if key not in self._meshes:
                self._meshes[key] = self._mesh(f"{actor.model}_{actor.pose}", catalogue.mesh(*key), smooth=True)
            made = self._actors.get(actor.track)
            if made is None:
                made = self._actors[actor.track] = _link(f"actor_{actor.track}", self._meshes[key])
                made.color = (*catalogue.colour_of(actor.track, actor.model, self._scene.seed), float(actor.lights))
            # Whatever is assigned is taken for changed and built again; only the place changes in every frame.
            if made.data != self._meshes[key]:
                made.data = self._meshes[key]
            made.location = (actor.x_m, actor.y_m, actor.z_m)
            made.rotation_euler = (0.0, 0.0, actor.turn_rad)

    def render(self, path: Path, samples: int, mask: np.ndarray | None = None, *, careful: bool = False) -> np.ndarray:
        """Draw the canvas and return it as BGR (H, W, 3).

        Args:
            path: where Blender may put a picture.
            samples: paths a pixel.
            mask: draw only where it (H, W) is not 0, and some pixels around; the rest is black.
            careful: take the denoiser's time, for what stays.
        """
        cycles, settings, camera = bpy.context.scene.cycles, bpy.context.scene.render, self._scene.camera.canvas
        cycles.samples = samples
        # The best network takes as long as a sample and a half of the whole picture; the quick one a quarter.
        cycles.denoising_quality = "HIGH" if careful else "FAST"
        x0, y0, x1, y1 = (0, 0, camera.width_px, camera.height_px) if mask is None else around(mask)
        self._card.hide(None if mask is None else mask, camera)
        settings.use_border = settings.use_crop_to_border = mask is not None
        if mask is not None:
            # Blender cuts these shares down to whole pixels; a quarter of a pixel keeps it from landing one short.
            left, right = (x0 + 0.25) / camera.width_px, (x1 + 0.25) / camera.width_px
            low = (camera.height_px - y1 + 0.25) / camera.height_px
            high = (camera.height_px - y0 + 0.25) / camera.height_px
            settings.border_min_x, settings.border_max_x = left, min(1.0, right)
            settings.border_min_y, settings.border_max_y = low, min(1.0, high)
        settings.filepath = str(path)
        bpy.ops.render.render(write_still=True)
        picture = cv2.imread(str(path))
        if picture is None:
            raise OSError(f"Cycles left no readable picture at {path}; is the disk full?")
        if picture.shape[:2] != (y1 - y0, x1 - x0):
            asked = f"{x1 - x0}x{y1 - y0}"
            raise RuntimeError(f"asked Cycles for {asked} pixels, got {picture.shape[1]}x{picture.shape[0]}")
        whole = np.zeros((camera.height_px, camera.width_px, 3), np.uint8)
        whole[y0:y1, x0:x1] = picture
        return whole

    def identities(self, path: Path) -> np.ndarray:
        """The track of the actor at each pixel's centre of the canvas, 0 where there is none; (H, W) int32."""
        scene, layer = bpy.context.scene, bpy.context.view_layer
        kept = {made: tuple(made.color) for made in (*self._actors.values(), *self._statics)}
        looks = (scene.view_settings.view_transform, scene.view_settings.look, scene.view_settings.exposure)
        numbered = dict(enumerate(sorted(self._actors), start=1))
        for made in self._statics:
            made.color = (0.0, 0.0, 0.0, 0.0)
        for number, track in numbered.items():
            self._actors[track].color = (number % 256 / 255, number // 256 / 255, 0.0, 1.0)
        layer.material_override = _flat()
        scene.view_settings.view_transform, scene.view_settings.look = "Raw", "None"
        scene.view_settings.exposure, scene.render.dither_intensity = 0.0, 0.0
        cycles = scene.cycles
        cycles.use_denoising, cycles.pixel_filter_type, cycles.filter_width = False, "BOX", 0.01
        bounces, cycles.max_bounces = cycles.max_bounces, 0
        try:
            coded = self.render(path, 1)
        finally:
            layer.material_override = None
            scene.view_settings.view_transform, scene.view_settings.look, scene.view_settings.exposure = looks
            scene.render.dither_intensity = 1.0
            cycles.use_denoising, cycles.pixel_filter_type, cycles.filter_width = True, "BLACKMAN_HARRIS", 1.5
            cycles.max_bounces = bounces
            for made, colour in kept.items():
                made.color = colour
        table = np.zeros(65536, np.int32)
        for number, track in numbered.items():
            table[number] = track
        return table[coded[..., 2].astype(np.int64) + 256 * coded[..., 1]]


def _flat() -> Any:
    """A surface that shows the object's colour and nothing else."""
    if "flat" in bpy.data.materials:
        return bpy.data.materials["flat"]
    made = bpy.data.materials.new("flat")
    made.use_nodes = True
    tree = made.node_tree
    tree.nodes.clear()
    info, glow = tree.nodes.new("ShaderNodeObjectInfo"), tree.nodes.new("ShaderNodeEmission")
    out = tree.nodes.new("ShaderNodeOutputMaterial")
    tree.links.new(info.outputs["Color"], glow.inputs["Color"])
    tree.links.new(glow.outputs[0], out.inputs["Surface"])
    return made


def _link(name: str, data: Any) -> Any:
    made = bpy.data.objects.new(name, data)
    bpy.context.scene.collection.objects.link(made)
    return made


def _camera(camera: Camera) -> Any:
    data = bpy.data.cameras.new("camera")
    data.sensor_fit = "HORIZONTAL"
    data.sensor_width = 36.0
    data.lens = 36.0 * camera.focal_px / camera.width_px
    data.clip_end = 2000.0
    made = _link("camera", data)
    bpy.context.scene.camera = made
    return made


def _aim(made: Any, camera: Camera) -> None:
    right, down, forward = camera.rotation
    columns = [right, -down, -forward]
    rows = [[*(column[i] for column in columns), camera.position_m[i]] for i in range(3)]
    made.matrix_world = Matrix([*rows, [0.0, 0.0, 0.0, 1.0]])


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
    cycles.caustics_reflective = cycles.caustics_refractive = False
