"""The catalogue of what moves: measures, stance, orientation of faces, materials, colours, the steps of a walk."""

from __future__ import annotations

from collections import Counter, defaultdict

import numpy as np
import pytest

from scripts.render_scenes.bodies import catalogue, people, vendors
from scripts.render_scenes.bodies.loft import loft, oval, volume_m3
from scripts.render_scenes.bodies.palette import SURFACES
from scripts.render_scenes.geometry.mesh import Mesh

OBJECT_COLOURED = {"paint", "shirt", "canvas"}
SEATED = {"rider", "pillion", "cyclist"}
MODELS = catalogue.MODELS
MIRRORED = [model for model in MODELS if model.kind in {"car", "bus", "truck", "motorcycle"}]
POSED = [(model.name, pose) for model in MODELS for pose in range(model.poses)]


def by_name(model: catalogue.Model) -> str:
    return model.name


def usual_pose(model: catalogue.Model) -> int:
    return catalogue.STANDING if model.poses > 1 else 0


def of_material(mesh: Mesh, *names: str) -> np.ndarray:
    chosen = [i for face, name in zip(mesh.faces, mesh.materials, strict=True) if name in names for i in face]
    return mesh.vertices[sorted(set(chosen))]


def solids(mesh: Mesh) -> list[Mesh]:
    """The mesh's connected parts that are closed: each edge lies in one face forwards and in one backwards."""
    group = list(range(len(mesh.vertices)))

    def root(i: int) -> int:
        while group[i] != i:
            group[i] = group[group[i]]
            i = group[i]
        return i

    for face in mesh.faces:
        for i in face[1:]:
            group[root(i)] = root(face[0])
    parts: dict[int, list[tuple[int, ...]]] = defaultdict(list)
    for face in mesh.faces:
        parts[root(face[0])].append(face)
    found = []
    for faces in parts.values():
        edges = Counter((a, b) for face in faces for a, b in zip(face, (*face[1:], face[0]), strict=True))
        if all(edges[b, a] == count == 1 for (a, b), count in edges.items()):
            found.append(Mesh(mesh.vertices, tuple(faces), ("",) * len(faces)))
    return found


@pytest.mark.parametrize("model", MODELS, ids=by_name)
def test_measures_are_those_of_the_mesh(model: catalogue.Model) -> None:
    size = np.ptp(catalogue.mesh(model.name, usual_pose(model)).vertices, axis=0)
    np.testing.assert_allclose(size, [model.length_m, model.width_m, model.height_m], atol=0.02)


@pytest.mark.parametrize(("name", "pose"), POSED)
def test_everything_stands_on_the_ground(name: str, pose: int) -> None:
    lowest = catalogue.mesh(name, pose).vertices[:, 2].min()
    if name in SEATED:
        assert 0.15 < lowest < 0.6
    else:
        assert lowest == pytest.approx(0.0, abs=0.03)


@pytest.mark.parametrize("model", [m for m in MODELS if m.name not in SEATED], ids=by_name)
def test_the_origin_is_under_the_middle(model: catalogue.Model) -> None:
    vertices = catalogue.mesh(model.name, usual_pose(model)).vertices
    middle = (vertices.min(axis=0) + vertices.max(axis=0))[:2] / 2
    np.testing.assert_allclose(middle, 0.0, atol=0.06)


@pytest.mark.parametrize("model", MIRRORED, ids=by_name)
def test_vehicles_are_as_wide_left_as_right(model: catalogue.Model) -> None:
    vertices = catalogue.mesh(model.name).vertices
    assert vertices[:, 1].min() == pytest.approx(-vertices[:, 1].max(), abs=0.02)


@pytest.mark.parametrize(("name", "pose"), POSED)
def test_faces_of_every_solid_look_outward(name: str, pose: int) -> None:
    """A solid turned inside out would be lit from within."""
    parts = solids(catalogue.mesh(name, pose))
    assert len(parts) > 3
    assert min(volume_m3(part) for part in parts) > 0.0


@pytest.mark.parametrize("axis", [(1, 2, 0), (0, 1, 2), (2, 1, 0), (1, 0, 2)])
def test_a_loft_looks_outward_along_any_axis(axis: tuple[int, int, int]) -> None:
    rings = [oval((0.0, 0.0, z), (1.0, 0.5), 40, 2.0)[:, list(axis)] for z in (0.0, 2.0)]
    assert volume_m3(loft(rings, "paint")) == pytest.approx(np.pi * 0.5 * 2.0, rel=0.01)


@pytest.mark.parametrize("model", MODELS, ids=by_name)
def test_materials_are_known_and_the_objects_colour_shows(model: catalogue.Model) -> None:
    used = set().union(*(catalogue.mesh(model.name, pose).materials for pose in range(model.poses)))
    assert used <= SURFACES.keys() | OBJECT_COLOURED
    assert used & OBJECT_COLOURED
    assert not SURFACES.keys() & OBJECT_COLOURED


@pytest.mark.parametrize("model", [m for m in MODELS if m.weight > 0 or m.kind == "motorcycle"], ids=by_name)
def test_vehicles_have_lamps_ahead_and_behind(model: catalogue.Model) -> None:
    mesh = catalogue.mesh(model.name)
    assert of_material(mesh, "headlamp")[:, 0].min() > 0.2 * model.length_m
    assert of_material(mesh, "taillamp")[:, 0].max() < -0.25 * model.length_m
    assert SURFACES["headlamp"].glow > SURFACES["taillamp"].glow > 0


def test_every_kind_is_there_and_only_vehicles_drive_in_car_lanes() -> None:
    assert {model.kind for model in MODELS} == set(catalogue.KINDS)
    assert sum(model.weight for model in MODELS) == pytest.approx(1.0)
    assert {model.kind for model in MODELS if model.weight > 0} == {"car", "bus", "truck"}
    assert set(catalogue.SHAPES) | set(people.FIGURES) == set(catalogue.BY_NAME)


def test_a_pose_that_a_model_does_not_have_is_refused() -> None:
    with pytest.raises(ValueError, match="poses 0 to 0"):
        catalogue.mesh("mpv", 1)
    with pytest.raises(KeyError):
        catalogue.mesh("spaceship")


@pytest.mark.parametrize("model", MODELS, ids=by_name)
def test_a_tracks_colour_stays_and_tracks_differ(model: catalogue.Model) -> None:
    colours = [catalogue.colour_of(track, model.name, 7) for track in range(40)]
    assert colours == [catalogue.colour_of(track, model.name, 7) for track in range(40)]
    assert colours != [catalogue.colour_of(track, model.name, 8) for track in range(40)]
    assert all(0.0 <= channel <= 1.0 for colour in colours for channel in colour)
    assert len(set(colours)) == 40
    assert len(set(model.colours)) >= 2


# People.


@pytest.mark.parametrize("name", people.FIGURES)
def test_people_are_as_tall_as_people(name: str) -> None:
    assert catalogue.BY_NAME[name].height_m == pytest.approx(people.FIGURES[name].height_m, abs=0.08)
    sitting = np.ptp(catalogue.mesh(name, catalogue.SITTING).vertices[:, 2])
    assert 0.6 < sitting / catalogue.BY_NAME[name].height_m < 0.85


@pytest.mark.parametrize("name", [name for name, figure in people.FIGURES.items() if not figure.skirt])
def test_two_steps_are_as_long_as_the_walk_cycle(name: str) -> None:
    """Where both legs are spread widest, the soles are one step apart, so that feet do not slide on the ground."""
    shoes = of_material(catalogue.mesh(name, 2), "plastic")
    left, right = shoes[shoes[:, 1] > 0], shoes[shoes[:, 1] < 0]
    step_m = left[:, 0].max() - right[:, 0].max()
    assert 2 * step_m == pytest.approx(catalogue.WALK_CYCLE_M, abs=0.15)


def test_arms_swing_against_the_legs() -> None:
    for pose, forward in ((2, 1), (6, -1)):
        mesh = catalogue.mesh("person_a", pose)
        shoes, skin = of_material(mesh, "plastic"), of_material(mesh, "skin")
        hands = skin[skin[:, 2] < 1.0]
        for points, sign in ((shoes, forward), (hands, -forward)):
            ahead = points[points[:, 1] > 0, 0].mean() - points[points[:, 1] < 0, 0].mean()
            assert sign * ahead > 0.1


@pytest.mark.parametrize("pose", range(catalogue.WALK_POSES // 2))
def test_half_a_cycle_later_the_walk_is_mirrored(pose: int) -> None:
    now, later = catalogue.mesh("person_c", pose), catalogue.mesh("person_c", pose + catalogue.WALK_POSES // 2)
    for points in (now, later):
        assert np.ptp(points.vertices[:, 0]) > 0.3
    low, high = now.vertices.min(axis=0), now.vertices.max(axis=0)
    np.testing.assert_allclose(later.vertices.min(axis=0), [low[0], -high[1], low[2]], atol=0.02)
    np.testing.assert_allclose(later.vertices.max(axis=0), [high[0], -low[1], high[2]], atol=0.02)


@pytest.mark.parametrize("machine", ["scooter", "bebek"])
def test_the_rider_holds_the_grips_and_sits_on_the_seat(machine: str) -> None:
    mesh, rider = catalogue.mesh(machine), catalogue.mesh("rider")
    grips = of_material(mesh, "plastic")
    hands = of_material(rider, "skin")
    for side in (1, -1):
        hand = hands[(side * hands[:, 1] > 0.2) & (hands[:, 2] < 1.2)]
        assert np.linalg.norm(hand[:, None] - grips[None], axis=2).min() < 0.06
    seat = of_material(mesh, "seat")
    for name in ("rider", "pillion"):
        body = of_material(catalogue.mesh(name), "trousers", "denim", "shirt")
        behind = body[np.abs(body[:, 1]) < 0.05]
        assert -0.13 < behind[:, 2].min() - seat[:, 2].max() < 0.05


def test_the_cyclist_is_in_reach_of_the_handlebar() -> None:
    hands = of_material(catalogue.mesh("cyclist"), "skin")
    bar = of_material(catalogue.mesh("bicycle"), "plastic", "chrome")
    assert np.linalg.norm(hands[:, None] - bar[None], axis=2).min() < 0.06


@pytest.mark.parametrize("name", catalogue.VENDORS)
def test_stalls_are_wider_than_a_person_and_low_enough_for_the_street(name: str) -> None:
    stall = catalogue.BY_NAME[name]
    assert stall.kind == "vendor"
    assert 1.0 <= stall.width_m <= 2.5
    assert stall.height_m < 2.6
    assert any(material.startswith("goods_") for material in catalogue.mesh(name).materials)


def test_the_roof_of_the_push_cart_covers_its_body() -> None:
    cart = vendors.gerobak()
    roof, body = of_material(cart, "canvas"), of_material(cart, "paint")
    roof = roof[roof[:, 2] > 1.5]
    assert (roof.min(axis=0)[:2] < body.min(axis=0)[:2]).all()
    assert (roof.max(axis=0)[:2] > body.max(axis=0)[:2]).all()
    assert roof[:, 2].min() > body[:, 2].max() + 0.5
