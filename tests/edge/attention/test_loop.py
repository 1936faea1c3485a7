import threading

from edge.attention.loop import BROKEN_LOOK_S, NO_NEWER_PICTURE_S, AttentionLoop


def test_a_broken_look_stays_with_its_camera():
    failures, looked = [], threading.Event()

    def break_down():
        raise RuntimeError("lens cap")

    def look():
        looked.set()
        return 0.01

    loop = AttentionLoop({"bad": break_down, "good": look}, lambda camera, error: failures.append((camera, str(error))))
    thread = threading.Thread(target=loop.run)
    thread.start()
    assert looked.wait(5)
    loop.stop()
    thread.join(5)
    assert not thread.is_alive()
    assert ("bad", "lens cap") in failures


def test_what_a_look_wants_next_is_when_it_is_due():
    now = [0.0]
    answers = {"a": 2.0, "b": None}
    loop = AttentionLoop(
        {camera: lambda camera=camera: answers[camera] for camera in answers}, lambda *_: None, lambda: now[0]
    )
    loop.look("a")
    loop.look("b")
    assert (loop.schedule.next().camera, loop.schedule.next().at) == ("b", NO_NEWER_PICTURE_S)
    answers["b"] = 10.0
    loop.look("b")
    assert (loop.schedule.next().camera, loop.schedule.next().at) == ("a", 2.0)


def test_after_a_broken_look_the_others_have_their_turn():
    def break_down():
        raise OSError

    loop = AttentionLoop({"a": break_down}, lambda *_: None, lambda: 0.0)
    loop.look("a")
    assert loop.schedule.next().at == BROKEN_LOOK_S


def test_an_errand_is_done_between_looks_although_none_is_due():
    loop = AttentionLoop({}, lambda *_: None)
    thread = threading.Thread(target=loop.run)
    thread.start()
    done = threading.Event()
    loop.between(lambda: 1 / 0)
    loop.between(done.set)
    assert done.wait(5)
    loop.stop()
    thread.join(5)
    assert not thread.is_alive()


def test_who_is_waited_for_is_looked_at_next():
    now, looked = [0.0], threading.Event()
    loop = AttentionLoop({"a": looked.set, "b": lambda: 60.0}, lambda *_: None, lambda: now[0])
    loop.schedule.looked("a", 0.0, 60.0)
    loop.schedule.looked("b", 0.0, 30.0)
    loop.hasten("a")
    loop.hasten("unknown")
    thread = threading.Thread(target=loop.run)
    thread.start()
    assert looked.wait(5)
    loop.stop()
    thread.join(5)
