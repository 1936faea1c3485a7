import itertools

from hypothesis import given
from hypothesis import strategies as st

from edge.attention.schedule import Schedule


def serve(cadences, cost_s, seconds):
    """Looks at each camera when its turn comes; a look takes cost_s. Returns the times of looks by camera."""
    now, looks = 0.0, {camera: [] for camera in cadences}
    schedule = Schedule(cadences, now)
    while now < seconds:
        due = schedule.next()
        now = max(now, due.at) + cost_s
        looks[due.camera].append(now)
        schedule.looked(due.camera, now, cadences[due.camera])
    return looks, schedule.stretch


@given(
    st.dictionaries(st.sampled_from("abcdefgh"), st.sampled_from([1.0, 2.0, 10.0]), min_size=1),
    st.floats(0.01, 2.0),
)
def test_no_camera_starves(cadences, cost_s):
    longest = max(cadences.values()) + 2 * cost_s * len(cadences)
    looks, _ = serve(cadences, cost_s, 40 + 4 * longest)
    for times in looks.values():
        assert max(later - earlier for earlier, later in itertools.pairwise(times)) <= longest + cost_s


def test_in_time_there_is_no_stretch():
    looks, stretch = serve({"a": 2.0, "b": 2.0}, 0.01, 100)
    assert stretch < 1.02
    assert all(len(times) >= 49 for times in looks.values())


def test_under_overload_all_stretch_alike():
    looks, stretch = serve(dict.fromkeys("abcdefgh", 2.0), 0.5, 200)
    counts = [len(times) for times in looks.values()]
    assert max(counts) - min(counts) <= 1
    assert 1.8 < stretch < 2.3


def test_a_look_without_a_newer_picture_does_not_count():
    schedule = Schedule("ab", 0.0)
    schedule.looked("a", 0.0, 2.0)
    schedule.postpone("b", 0.0, 0.5)
    assert schedule.next().camera == "b"
    assert schedule.next().at == 0.5
    schedule.looked("b", 0.5, 2.0)
    assert (schedule.next().camera, schedule.next().at) == ("a", 2.0)


def test_no_cameras_no_looks():
    assert Schedule((), 0.0).next() is None
