import contextlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from contract import topics
from contract.ids import event_id, is_name, new_epoch

names = st.from_regex(r"[a-z0-9][a-z0-9_-]{0,39}", fullmatch=True)
hexes = st.text("0123456789abcdef", min_size=16, max_size=16)
digests = st.text("0123456789abcdef", min_size=64, max_size=64)
topic_values = st.one_of(
    st.builds(
        lambda kind, box: kind(box),
        st.sampled_from(
            [topics.StatusTopic, topics.InfoTopic, topics.AckTopic, topics.DesiredTopic, topics.ReplyTopic]
        ),
        names,
    ),
    st.builds(topics.CameraTopic, names, names),
    st.builds(topics.EventTopic, names, hexes, st.integers(1, 2**53 - 1)),
    st.builds(topics.EvidenceTopic, names, digests),
)


@given(topic_values)
def test_a_topic_reads_itself_back(topic):
    assert topics.parse(topic.path) == topic


@given(st.text(max_size=60))
def test_any_text_is_a_topic_or_a_topic_error(text):
    with contextlib.suppress(topics.TopicError):
        assert topics.parse(text).path == text


@given(st.text(max_size=50))
def test_a_name_is_what_the_rule_says(text):
    allowed = set("abcdefghijklmnopqrstuvwxyz0123456789_-")
    expected = 1 <= len(text) <= 40 and set(text) <= allowed and text[0] not in "_-"
    assert is_name(text) == expected


@pytest.mark.parametrize("name", ["a b", "a.b", "", "A", "-a", "a" * 41, "a\n", "a/b", "a+", "#"])
def test_names_that_break_brokers_are_refused(name):
    with pytest.raises(topics.TopicError, match="a name has a to z"):
        topics.StatusTopic(name)


@pytest.mark.parametrize(
    "path",
    [
        "sigap/v1/box/event/0123456789abcdef/0",
        "sigap/v1/box/event/0123456789abcdef/01",
        "sigap/v1/box/event/0123456789abcdef/-1",
        "sigap/v1/box/event/0123456789abcdef/٣",
        "sigap/v1/box/event/0123456789ABCDEF/1",
        "sigap/v1/box/evidence/abc",
        "sigap/v2/box/status",
        "sigap/v1/box",
        "sigap/v1/box/status/more",
    ],
)
def test_what_is_not_ours_is_refused(path):
    with pytest.raises(topics.TopicError):
        topics.parse(path)


def test_an_event_has_one_id_however_often_it_is_sent():
    epoch = new_epoch()
    assert event_id("pgk-01", epoch, 7) == event_id("pgk-01", epoch, 7)
    assert len({event_id(box, epoch, seq) for box in ("a", "b") for seq in (1, 2, 3)}) == 6
