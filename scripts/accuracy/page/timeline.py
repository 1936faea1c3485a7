"""A clip as an SVG: a row for each thing looked for, the truth above and what was said below it."""

from __future__ import annotations

from collections.abc import Iterator
from html import escape

from contract.kinds import IncidentKind
from scripts.accuracy.clips import Judged
from scripts.accuracy.episodes import Episode
from scripts.accuracy.truth import Incident

WIDTH, LEFT, RIGHT = 1000.0, 190.0, 14.0
ROW, BAR, AXIS = 50.0, 13.0, 24.0
TICK_STEPS_S = (1, 2, 5, 10, 15, 30, 60, 120, 300, 600)
MOST_TICKS = 12
Subject = tuple[IncidentKind, str]


def timeline(clip: Judged) -> str:
    """The SVG element; colours are those of the page's CSS."""
    rows = subjects(clip)
    height = ROW * len(rows) + AXIS
    body = [*_axis(clip.duration_s, ROW * len(rows))]
    for number, subject in enumerate(rows):
        body += _row(clip, subject, ROW * number)
    label = escape(f"Timeline of {clip.name}: truth above, episodes below")
    return f'<svg viewBox="0 0 {WIDTH:g} {height:g}" role="img" aria-label="{label}">{"".join(body)}</svg>'


def subjects(clip: Judged) -> list[Subject]:
    """What has a row: everything that happened or was said; each kind looked for has one at least."""
    told = [(incident.kind, incident.about) for incident in clip.incidents]
    told += [(episode.kind, episode.about) for episode in clip.episodes]
    quiet = [(kind, "") for kind in clip.watched if kind not in {kind for kind, _ in told}]
    order = list(IncidentKind)
    return sorted({*told, *quiet}, key=lambda subject: (order.index(subject[0]), subject[1]))


def _x(time_s: float, duration_s: float) -> float:
    return round(LEFT + (WIDTH - LEFT - RIGHT) * min(max(time_s / duration_s, 0.0), 1.0), 1)


def _axis(duration_s: float, bottom: float) -> Iterator[str]:
    step_s = next((step for step in TICK_STEPS_S if duration_s / step <= MOST_TICKS), TICK_STEPS_S[-1])
    for number in range(int(duration_s / step_s) + 1):
        x = _x(number * step_s, duration_s)
        yield f'<line class="grid" x1="{x}" y1="0" x2="{x}" y2="{bottom:g}"/>'
        yield f'<text class="tick" x="{x}" y="{bottom + 16:g}">{number * step_s} s</text>'


def _row(clip: Judged, subject: Subject, top: float) -> Iterator[str]:
    kind, about = subject
    quiet = "" if about else " quiet"
    yield f'<text class="kind{quiet}" x="0" y="{top + 21:g}">{escape(kind.replace("_", " "))}</text>'
    yield f'<text class="about" x="0" y="{top + 37:g}">{escape(about or "looked for, nothing there")}</text>'
    yield f'<line class="rule" x1="0" y1="{top + ROW:g}" x2="{WIDTH:g}" y2="{top + ROW:g}"/>'
    for incident in clip.incidents:
        if (incident.kind, incident.about) == subject:
            yield _truth(clip, incident, top + 9)
    for episode in clip.episodes:
        if (episode.kind, episode.about) == subject:
            yield from _episode(clip, episode, top + 9 + BAR + 4)


def _truth(clip: Judged, incident: Incident, y: float) -> str:
    missed = incident in clip.score.missed
    mark = "missed" if missed else "excused" if incident in clip.score.excused else "truth"
    note = {"missed": "missed", "excused": "too short to be due", "truth": "what happened"}[mark]
    title = f"{note}: {incident.from_s:.1f} to {incident.to_s:.1f} s"
    return _bar(clip, (incident.from_s, incident.to_s), y, f"{mark} {incident.kind}", title)


def _episode(clip: Judged, episode: Episode, y: float) -> Iterator[str]:
    ends_s = clip.duration_s if episode.closed_s is None else episode.closed_s
    false = episode in clip.score.false
    mark = "false" if false else "said"
    closed = "open at the end" if episode.closed_s is None else f"closed {episode.closed_s:.1f} s"
    title = f"{'false alarm' if false else 'said'}: onset {episode.began_s:.1f} s, opened {episode.opened_s:.1f} s, "
    title += f"{closed}. {episode.reason}"
    yield _bar(clip, (episode.began_s, episode.opened_s), y, f"onset {mark} {episode.kind}", title)
    yield _bar(clip, (episode.opened_s, ends_s), y, f"{mark} {episode.kind}", title)


def _bar(clip: Judged, span_s: tuple[float, float], y: float, marks: str, title: str) -> str:
    x, end = (_x(time_s, clip.duration_s) for time_s in span_s)
    width = max(round(end - x, 1), 1.5)
    shape = f'x="{x}" y="{y:g}" width="{width}" height="{BAR:g}" rx="2"'
    return f'<rect class="{marks}" {shape}><title>{escape(title)}</title></rect>'
