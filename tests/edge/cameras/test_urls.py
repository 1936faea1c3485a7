"""No credentials in what is shown; no other protocols than those on the list."""

from urllib.parse import quote

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from edge.cameras.faults import CameraError, Fault
from edge.cameras.urls import check_url, redact

passwords = st.text(st.characters(codec="utf-8", exclude_categories=["Cs", "Cc", "Z"]), max_size=20).map(
    "s3cr3t".__add__
)
users = st.from_regex(r"[a-z]{1,8}", fullmatch=True)


@given(users, passwords, st.sampled_from(["", ":554"]), st.sampled_from(["", "/", "/a/b?c=d", "/x@2"]))
@example("u", "s3cr3t@", "", "/x@2")
def test_an_escaped_password_is_never_shown(user, password, port, path) -> None:
    url = f"rtsp://{user}:{quote(password, safe='')}@camera.example{port}{path}"
    shown = redact(f"cannot open '{url}', will retry", url)
    assert "s3cr3t" not in shown
    assert shown.startswith("cannot open 'rtsp://***@")
    assert shown.endswith("', will retry")


@given(users, passwords)
def test_a_password_that_was_not_escaped_is_not_shown_either(user, password) -> None:
    password = password.translate({ord(mark): "_" for mark in "\"'<>"})
    assert "s3cr3t" not in redact(f"open rtsp://{user}:{password}@camera.example/live failed")


@given(users, passwords)
def test_nor_in_any_other_form_when_the_address_is_known(user, password) -> None:
    url = f"rtsp://{user}:{quote(password, safe='')}@camera.example/live"
    assert password not in redact(f"realm denies {password} / {quote(password, safe='')}", url)


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("rtsp://cam.example/live", "rtsp://cam.example/live"),
        ("rtsp://cam.example:554/live", "rtsp://cam.example:554/live"),
        ("rtsp://[fe80::1]:554/live", "rtsp://[fe80::1]:554/live"),
        ("rtsp://cam.example/live@2", "rtsp://cam.example/live@2"),
        ("rtsp://admin@cam.example/live", "rtsp://***@cam.example/live"),
        ("rtsp://admin:pw@cam.example/live", "rtsp://***@cam.example/live"),
        (
            "rtsp://cam.example/user=admin_password=tlJwpbo6_channel=1",
            "rtsp://cam.example/user=admin_password=***_channel=1",
        ),
        ("rtsp://cam.example/live?user=a&Password=b&x=1", "rtsp://cam.example/live?user=a&Password=***&x=1"),
        ("two: rtsp://a:b@c/d and http://e:f@g/h", "two: rtsp://***@c/d and http://***@g/h"),
        ("no address in here, write to ops@city.example", "no address in here, write to ops@city.example"),
    ],
)
def test_what_is_shown(text, shown) -> None:
    assert redact(text) == shown


@given(st.text(max_size=200))
def test_redacting_twice_changes_nothing(text) -> None:
    assert redact(redact(text)) == redact(text)


@pytest.mark.parametrize("url", ["rtsp://cam.example/live", "rtsps://u:p@10.0.0.7:322/stream1", "RTSP://cam.example/"])
def test_cameras_may_have_these_addresses(url) -> None:
    assert check_url(url) == url


@pytest.mark.parametrize(
    "url",
    [
        "http://u:s3cr3t@cam.example/video",
        "file:///etc/passwd",
        "concat:/etc/passwd|/etc/hosts",
        "subfile,,start,0,end,9,,:/etc/passwd",
        "/dev/video0",
        "rtsp://",
        "rtsp://u:s3cr3t@cam.example:99999/live",
        "rtsp://u:s3cr3t@[broken/live",
        "",
    ],
)
def test_and_not_these(url) -> None:
    with pytest.raises(CameraError, match="rtsp://host/path") as caught:
        check_url(url)
    assert caught.value.fault is Fault.ADDRESS_NOT_ALLOWED
    assert "s3cr3t" not in str(caught.value)
