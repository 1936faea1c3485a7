"""Debian's gst-rtsp-server as a second, independent RTSP implementation.

A script, run by /usr/bin/python3, whose `gi` module Debian ships; tests start it through `tests.rtsp.gst`:

    /usr/bin/python3 gst_server.py UNITS.json NAME [USER PASSWORD]

UNITS.json: `{"fps": 10.0, "units": [[delay_s, "base64 of an H.264 access unit"], …]}` in decoding order, `delay_s` from
decoding to showing. It serves them in a live loop and prints `ready PORT`.
"""

import base64
import json
import sys


def main(file: str, name: str, *login: str) -> None:
    """Serve until killed."""
    import gi

    gi.require_version("Gst", "1.0")
    gi.require_version("GstApp", "1.0")
    gi.require_version("GstRtsp", "1.0")
    gi.require_version("GstRtspServer", "1.0")
    from gi.repository import GLib, Gst, GstRtsp, GstRtspServer

    Gst.init(None)
    with open(file, encoding="ascii") as stream:  # noqa: PTH123 (a script of few imports)
        clip = json.load(stream)
    units = [(round(delay_s * Gst.SECOND), base64.b64decode(text)) for delay_s, text in clip["units"]]
    frame_ns = round(Gst.SECOND / clip["fps"])
    pipeline = (
        "( appsrc name=pictures is-live=true format=time block=false max-bytes=4000000 "
        "caps=video/x-h264,stream-format=byte-stream,alignment=au ! h264parse ! "
        "rtph264pay name=pay0 pt=96 config-interval=-1 aggregate-mode=zero-latency )"
    )

    def feed(_factory: object, media: GstRtspServer.RTSPMedia) -> None:
        source = media.get_element().get_child_by_name("pictures")
        state = {"next": 0, "on": True, "began": None}

        def push() -> bool:
            """Push all that is due; times go on over the loops."""
            running = source.get_current_running_time()
            if running == Gst.CLOCK_TIME_NONE:
                return state["on"]  # the pipeline does not run yet
            if state["began"] is None:
                state["began"] = running
            while state["on"] and state["began"] + state["next"] * frame_ns <= running:
                delay, data = units[state["next"] % len(units)]
                picture = Gst.Buffer.new_wrapped(data)
                picture.dts = state["began"] + state["next"] * frame_ns
                picture.pts = picture.dts + delay
                picture.duration = frame_ns
                if source.emit("push-buffer", picture) != Gst.FlowReturn.OK:
                    break  # not started yet, or just ending: "unprepared" will say so
                state["next"] += 1
            return state["on"]

        GLib.timeout_add(5, push)
        media.connect("unprepared", lambda _media: state.update(on=False))

    factory = GstRtspServer.RTSPMediaFactory()
    factory.set_launch(pipeline)
    factory.set_shared(True)
    factory.connect("media-configure", feed)
    server = GstRtspServer.RTSPServer()
    server.set_address("127.0.0.1")
    server.set_service("0")
    if login:
        auth = GstRtspServer.RTSPAuth()
        auth.set_realm("camera")
        auth.set_supported_methods(GstRtsp.RTSPAuthMethod.DIGEST)
        token = GstRtspServer.RTSPToken()
        token.set_string("media.factory.role", "viewer")
        auth.add_digest(*login, token)
        server.set_auth(auth)
        permissions = GstRtspServer.RTSPPermissions()
        permissions.add_permission_for_role("viewer", "media.factory.access", True)
        permissions.add_permission_for_role("viewer", "media.factory.construct", True)
        factory.set_permissions(permissions)
    server.get_mount_points().add_factory(f"/{name}", factory)
    if server.attach(None) == 0:
        sys.exit("gst_server: cannot listen")
    print(f"ready {server.get_bound_port()}", flush=True)
    GLib.MainLoop().run()


if __name__ == "__main__":
    main(*sys.argv[1:])
