"""One camera watched: episodes come and go, and it asks for the looks it needs."""

import json

from contract.kinds import IncidentKind, Sight
from edge.attention.wish import Wish
from edge.config.cameras import CameraSection
from edge.incidents.jam import JamRule, JamSettings
from edge.incidents.lifecycle import EpisodeState, EpisodeStep, Stage
from edge.networks import Networks
from edge.perception.eyes import Eyes
from edge.perception.observation import LookKind
from edge.perception.perceive import Perception
from edge.perception.zone import Zone
from edge.picture import Picture
from edge.watch import CameraWatch
from edge.watching import watch_for
from tests.edge.street import Cars, detector, draw, film

ROAD = Zone("road", ((0, 0.2), (1, 0.2), (1, 1), (0, 1)))
QUEUE: Cars = [(x, y) for y in (90.0, 170.0, 250.0) for x in (20.0, 120.0, 220.0, 320.0, 420.0, 520.0)]
SETTINGS = JamSettings(zones=("road",), occupancy_above=0.08, min_duration_s=5, hold_s=6)
STARE, GLANCE = Wish(LookKind.STARE, 0.0), Wish(LookKind.GLANCE, 0.0)
STANDING, FLOWING = [(0.0, 0.0)] * len(QUEUE), [(0.0, 45.0)] * len(QUEUE)


def watch(states: dict[tuple[str, str], EpisodeState] | None = None) -> CameraWatch:
    return CameraWatch("north", Eyes(Perception("north", [ROAD], detector())), [JamRule(SETTINGS)], states)


def stare(
    watching: CameraWatch, since: float, speeds: list[tuple[float, float]], cars: Cars = QUEUE
) -> list[EpisodeStep]:
    pictures = film(cars, speeds[: len(cars)], since=since, seconds=1.5, fps=6)
    return watching.judge(watching.look(STARE, pictures))


def phases(steps: list[EpisodeStep]) -> list[str]:
    return [step.phase.value for step in steps]


def test_a_queue_that_stands_opens_an_episode_and_closes_it_when_it_drives_off() -> None:
    watching = watch()
    steps: list[EpisodeStep] = []
    for number in range(5):
        steps += stare(watching, 2.0 * number, STANDING)
    assert phases(steps) == ["opened"]
    assert steps[0].began == 0
    for number in range(5, 12):
        steps += stare(watching, 2.0 * number, FLOWING)
    assert phases(steps) == ["opened", "closed"]
    assert watching.states["jam", "road"].stage is Stage.IDLE


def test_a_restarted_box_goes_on_with_its_open_episode() -> None:
    before = watch()
    (opened,) = [step for number in range(5) for step in stare(before, 2.0 * number, STANDING)]
    stored = EpisodeState.from_json(json.loads(json.dumps(opened.state.to_json())))
    after = watch({("jam", "road"): stored})
    closed = [step for number in range(20, 28) for step in stare(after, 2.0 * number, FLOWING)]
    assert phases(closed) == ["closed"]
    assert closed[0].episode == opened.episode


def test_it_looks_closer_when_it_is_dense_and_seldom_when_it_is_empty() -> None:
    watching = watch()
    assert watching.wants().kind is LookKind.STARE, "the first look shows how things move"
    stare(watching, 0.0, [], cars=[])
    assert watching.wants().kind is LookKind.GLANCE
    watching.judge(watching.look(GLANCE, [Picture("north", 4.0, draw([]))]))
    assert watching.wants().kind is LookKind.GLANCE
    watching.judge(watching.look(GLANCE, [Picture("north", 6.0, draw(QUEUE))]))
    assert (watching.wants().kind, watching.wants().after_s) == (LookKind.STARE, 0)
    stare(watching, 6.5, STANDING)
    assert watching.wants().kind is LookKind.STARE, "suspected"


def test_an_idle_camera_stares_now_and_then() -> None:
    watching = watch()
    stare(watching, 0.0, [], cars=[])
    watching.judge(watching.look(GLANCE, [Picture("north", 500.0, draw([]))]))
    assert watching.wants().kind is LookKind.STARE


def test_what_is_no_longer_watched_closes_as_lost() -> None:
    watching = watch()
    for number in range(5):
        stare(watching, 2.0 * number, STANDING)
    (closed,) = watching.close_lost(20.0, "the camera was removed")
    assert closed.lost
    assert watching.close_lost(21.0, "the camera was removed") == []


def test_a_camera_without_incidents_sees_and_says_nothing() -> None:
    watching = CameraWatch("north", Eyes(Perception("north", [], detector())), [])
    assert stare(watching, 0.0, STANDING) == []
    assert watching.wants().kind is LookKind.GLANCE


def test_the_configuration_says_what_is_watched() -> None:
    section = CameraSection.model_validate(
        {
            "zones": {
                "road": {"kind": "roadway", "points": [[0, 0.2], [1, 0.2], [1, 1], [0, 1]]},
                "kerb": {"kind": "no_vending", "points": [[0, 0], [1, 0], [1, 0.2], [0, 0.2]]},
            },
            "incidents": {"jam": {"zones": ["road"], "min_duration": "5s", "occupancy_above": 0.08}},
        }
    )
    watching = watch_for("north", section, Networks(detector()))
    steps = [step for number in range(5) for step in stare(watching, 2.0 * number, STANDING)]
    assert phases(steps) == ["opened"]
    assert set(watching.states) == {("jam", "road")}


def test_asked_it_says_present_not_sure_and_gone() -> None:
    watching = watch()
    assert watching.sight(IncidentKind.JAM, "road").sight is Sight.UNKNOWN
    stare(watching, 0.0, STANDING)
    assert watching.sight(IncidentKind.JAM, "road").sight is Sight.UNKNOWN, (
        "slow, but for one look: perhaps a red light"
    )
    for number in range(1, 5):
        stare(watching, 2.0 * number, STANDING)
    seen = watching.sight(IncidentKind.JAM, "road")
    assert seen.sight is Sight.PRESENT
    assert "vehicle lengths/s" in seen.reason
    stare(watching, 10.0, FLOWING)
    assert watching.sight(IncidentKind.JAM, "road").sight is Sight.UNKNOWN, "gone, but not for the hold"
    for number in range(6, 12):
        stare(watching, 2.0 * number, FLOWING)
    assert watching.sight(IncidentKind.JAM, "road").sight is Sight.GONE
    assert watching.sight(IncidentKind.FLOOD, "road").sight is Sight.UNKNOWN
