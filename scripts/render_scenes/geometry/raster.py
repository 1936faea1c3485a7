"""A small z-buffer: which pixel centre sees which mesh, lens included. numpy and OpenCV, no Blender.

It answers what the truth needs (who is seen, how much of whom is hidden) without drawing light. Faces are filled as
polygons of the picture, with the depth of their plane at each pixel where that varies.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache

import cv2
import numpy as np

from scripts.render_scenes.geometry.camera import Camera
from scripts.render_scenes.geometry.mesh import Mesh

NEAREST_M = 0.5
# Faces whose depth varies by more than this get the depth of their plane, others that of their middle.
FLAT_WITHIN_M = 0.4
LONG_EDGE_PX, TINY_PX = 40.0, 1.0
SUBPIXEL_BITS = 4
# A silhouette is filled three times as fine and sampled at pixel centres, as OpenCV also fills pixels it only grazes.
FINER = 3
LARGEST_PX = 2500


@dataclass(frozen=True, slots=True)
class Silhouette:
    """An object alone, nothing before it: pixels `x0`, `y0` (may lie outside the picture), `depth` (h, w) in metres.

    `depth` is inf where the object is not. `box` is around all projected vertices: x0, y0, x1, y1 px.
    """

    x0: int
    y0: int
    depth: np.ndarray
    box: tuple[float, float, float, float]

    @property
    def area_px(self) -> int:
        return int(np.isfinite(self.depth).sum())


def silhouette(mesh: Mesh, camera: Camera, above_m: float = -np.inf) -> Silhouette | None:
    """The object's own picture, parts outside the frame included; None when any of it is behind the camera.

    Of an object that stands in water, only what rises over `above_m` (the water's level) is drawn.
    """
    heights = mesh.vertices[:, 2]
    pixels, depth = camera.project(np.column_stack([mesh.vertices[:, :2], np.maximum(heights, above_m)]))
    if depth.min() < NEAREST_M or not np.isfinite(pixels).all():
        return None
    (left, top), (right, bottom) = pixels.min(axis=0), pixels.max(axis=0)
    x0, y0 = int(np.floor(left)) - 1, int(np.floor(top)) - 1
    wide, high = int(np.ceil(right)) + 1 - x0, int(np.ceil(bottom)) + 1 - y0
    if wide > LARGEST_PX or high > LARGEST_PX:
        return None
    fine = np.full((high * FINER, wide * FINER), np.inf, np.float32)
    local = _subpixels((pixels - [x0, y0]) * FINER)
    for corners, far in _faces_far_to_near(mesh, depth, heights > above_m):
        _fill(fine, local[corners], far)
    box = (float(left), float(top), float(right), float(bottom))
    return Silhouette(x0, y0, fine[FINER // 2 :: FINER, FINER // 2 :: FINER].copy(), box)


def _faces_far_to_near(mesh: Mesh, depth: np.ndarray, dry: np.ndarray) -> Iterator[tuple[np.ndarray, float]]:
    """Vertex indices and mean depth of every face with a dry vertex; the near ones last, to paint over the far ones."""
    found = []
    for all_faces in _by_corners(mesh.faces).values():
        faces = all_faces[dry[all_faces].any(axis=1)]
        found += list(zip(faces, depth[faces].mean(axis=1).tolist(), strict=True))
    return iter(sorted(found, key=lambda item: -item[1]))


@cache
def _by_corners(faces: tuple[tuple[int, ...], ...]) -> dict[int, np.ndarray]:
    grouped = defaultdict(list)
    for face in faces:
        grouped[len(face)].append(face)
    return {count: np.array(same) for count, same in grouped.items()}


def _fill(target: np.ndarray, corners: np.ndarray, value: float) -> None:
    """Paint a convex polygon of subpixels (N, 2)."""
    cv2.fillConvexPoly(target, corners, value, lineType=cv2.LINE_8, shift=SUBPIXEL_BITS)


def _subpixels(points_px: np.ndarray) -> np.ndarray:
    """Pixels as OpenCV fills them: in sixteenths, from pixel centres and not from the corner of the picture."""
    return np.round((points_px - 0.5) * (1 << SUBPIXEL_BITS)).astype(np.int32)


def depth_of(mesh: Mesh, camera: Camera, farthest_m: float) -> np.ndarray:
    """Depth (H, W) in metres of what stands still, inf where nothing stands within `farthest_m`."""
    found = np.full((camera.height_px, camera.width_px), np.inf, np.float32)
    in_camera = mesh.vertices @ camera.rotation.T + camera.translation
    pixels, depth = camera.project(mesh.vertices)
    rays = _rays(camera)
    size = np.array([camera.width_px, camera.height_px])
    small: list[tuple[np.ndarray, float]] = []
    for faces in _by_corners(mesh.faces).values():
        depths, corners = depth[faces], pixels[faces]
        whole = depths.min(axis=1) >= NEAREST_M
        with np.errstate(invalid="ignore"):
            inside = (corners.max(axis=1) >= 0).all(axis=1) & (corners.min(axis=1) <= size).all(axis=1)
            reach = np.ptp(corners, axis=1).max(axis=1)
            easy = whole & (reach < LONG_EDGE_PX) & (np.ptp(depths, axis=1) < FLAT_WITHIN_M)
        seen = (depths.min(axis=1) < farthest_m) & (depths.max(axis=1) > NEAREST_M) & (inside | ~whole)
        tiny, few = seen & easy & (reach < TINY_PX), seen & easy & (reach >= TINY_PX)
        _dot(found, corners[tiny].mean(axis=1), depths[tiny].mean(axis=1))
        small += list(zip(_subpixels(corners[few]), depths[few].mean(axis=1).tolist(), strict=True))
        for i in np.flatnonzero(seen & ~easy):
            _fill_deep(found, in_camera[faces[i]], camera, rays)
    # Leaves and other small faces, by the ten thousand: painted over each other, the near ones last.
    painted = np.full_like(found, np.inf)
    for corners, deep in sorted(small, key=lambda item: -item[1]):
        _fill(painted, corners, deep)
    return np.minimum(found, painted)


def _dot(found: np.ndarray, middles_px: np.ndarray, depths: np.ndarray) -> None:
    """Write faces no larger than a pixel into the z-buffer, each into the pixel its middle lies in."""
    columns, rows = np.floor(middles_px).astype(int).T
    inside = (columns >= 0) & (columns < found.shape[1]) & (rows >= 0) & (rows < found.shape[0])
    np.minimum.at(found, (rows[inside], columns[inside]), depths[inside])


def _fill_deep(found: np.ndarray, corners_m: np.ndarray, camera: Camera, rays: np.ndarray) -> None:
    """Write one planar face (camera coordinates) into the z-buffer."""
    outline = corners_m if corners_m[:, 2].min() >= NEAREST_M else _clipped(corners_m)
    if len(outline) < 3:
        return
    centre = np.array([camera.width_px / 2, camera.height_px / 2])
    if camera.has_lens:
        outline = _subdivided(outline, camera.focal_px)
    pixels = camera.distort(outline[:, :2] / outline[:, 2:] * camera.focal_px + centre)
    pixels = np.clip(pixels, -8000, 8000)
    x0, y0 = np.maximum(np.floor(pixels.min(axis=0)).astype(int), 0)
    x1, y1 = np.minimum(np.ceil(pixels.max(axis=0)).astype(int) + 1, [camera.width_px, camera.height_px])
    if x1 <= x0 or y1 <= y0:
        return
    mask = np.zeros((y1 - y0, x1 - x0), np.uint8)
    _fill(mask, _subpixels(pixels - [x0, y0]), 1.0)
    here = found[y0:y1, x0:x1]
    if np.ptp(outline[:, 2]) < FLAT_WITHIN_M:
        deep = np.full(mask.shape, outline[:, 2].mean(), np.float32)
    else:
        normal = np.cross(corners_m[1] - corners_m[0], corners_m[2] - corners_m[0])
        facing = rays[y0:y1, x0:x1] @ normal
        with np.errstate(divide="ignore", invalid="ignore"):
            deep = (normal @ corners_m[0]) / facing
        deep = np.where(deep > 0, deep, np.inf)
        # At grazing angles a pixel's ray may miss the plane's part that the polygon covers.
        deep = np.clip(deep, outline[:, 2].min(), outline[:, 2].max())
    nearer = (mask > 0) & (deep < here)
    here[nearer] = deep[nearer]


def _clipped(corners_m: np.ndarray) -> np.ndarray:
    """The part of a polygon before the near plane."""
    found = []
    for a, b in zip(corners_m, np.roll(corners_m, -1, axis=0), strict=True):
        if a[2] >= NEAREST_M:
            found.append(a)
        if (a[2] >= NEAREST_M) != (b[2] >= NEAREST_M):
            found.append(a + (b - a) * (NEAREST_M - a[2]) / (b[2] - a[2]))
    return np.array(found).reshape(-1, 3)


def _subdivided(outline_m: np.ndarray, focal_px: float) -> np.ndarray:
    """More points on edges that are long in the picture, so that they bend with the lens."""
    ends = np.roll(outline_m, -1, axis=0)
    across = np.linalg.norm(outline_m[:, :2] / outline_m[:, 2:] - ends[:, :2] / ends[:, 2:], axis=1) * focal_px
    pieces = np.clip(across / LONG_EDGE_PX, 0, 24).astype(int) + 1
    edge = np.repeat(np.arange(len(pieces)), pieces)
    share = (np.arange(len(edge)) - np.repeat(np.cumsum(pieces) - pieces, pieces)) / pieces[edge]
    return outline_m[edge] + (ends - outline_m)[edge] * share[:, None]


@cache
def _rays(camera: Camera) -> np.ndarray:
    """The direction of each pixel's centre in camera coordinates, z = 1; (H, W, 3)."""
    xs, ys = np.meshgrid(np.arange(camera.width_px) + 0.5, np.arange(camera.height_px) + 0.5)
    straight = camera.undistort(np.column_stack([xs.ravel(), ys.ravel()]))
    flat = (straight - [camera.width_px / 2, camera.height_px / 2]) / camera.focal_px
    return np.column_stack([flat, np.ones(len(flat))]).reshape(camera.height_px, camera.width_px, 3)


@cache
def ground_points(camera: Camera) -> np.ndarray:
    """Where each pixel's centre meets the plane z = 0: (H, W, 2) metres, nan above the horizon."""
    rays = _rays(camera) @ camera.rotation
    with np.errstate(divide="ignore", invalid="ignore"):
        reach = np.where(rays[..., 2] < -1e-6, -camera.position_m[2] / rays[..., 2], np.nan)
    return np.asarray(camera.position_m)[:2] + reach[..., None] * rays[..., :2]
