"""The ways a complaint's life can go, as steps of the real transition table."""

from dataclasses import dataclass
from datetime import timedelta
from random import Random

NOTES = (
    "Petugas derek tiba di lokasi",
    "Pompa portabel dipasang di dekat jembatan",
    "Saluran air tersumbat sampah, sedang dibersihkan",
    "Pedagang diberi peringatan pertama",
    "Menunggu alat berat dari suku dinas",
    "Lalu lintas dialihkan sementara ke jalur lambat",
    "Lampu lalu lintas padam, teknisi dipanggil",
    "Kendaraan digembok, pemilik belum datang",
    "Lensa kamera tertutup spanduk",
    "Koordinasi dengan kelurahan dan ketua RW",
    "Genangan surut, tinggal lumpur",
    "Truk mogok menutup dua lajur",
)
ENDINGS = ("Sudah ditangani", "Sudah ditertibkan", "Selesai dikerjakan", "Arus kembali normal")
REASONS = ("Bukan kewenangan kami", "Tidak ditemukan di lokasi", "Kegiatan berizin")


@dataclass(frozen=True, slots=True)
class Step:
    """One history row to be."""

    action: str
    after: str
    by: str = "officer"
    """`system`, `officer` of the agency, or `operator`."""
    notes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Life:
    """Steps after the opening, and how long they take together."""

    weight: float
    steps: tuple[Step, ...]
    median: timedelta = timedelta(days=1)

    @property
    def may_have_notes(self) -> bool:
        """What went away by itself was touched by nobody."""
        return all(step.action != "vanish" for step in self.steps)


OPENING = Step("open", "waiting", "system")
_START = Step("start", "in_progress")
_REPORT = Step("report_done", "verification", notes=ENDINGS)
_CONFIRM = Step("camera_confirms", "done", "system")
_REFUTE = Step("camera_refutes", "in_progress", "system")

ENDED = (
    Life(50, (Step("vanish", "gone", "system"),), timedelta(hours=2)),
    Life(12, (Step("reject", "rejected", notes=REASONS),)),
    Life(4, (Step("merge", "merged", "operator", ("Kejadian yang sama",)),), timedelta(hours=6)),
    Life(26, (_START, _REPORT, _CONFIRM)),
    Life(2, (_START, _REPORT, _REFUTE, _REPORT, _CONFIRM), timedelta(days=3)),
    Life(
        6,
        (
            Step("coordinate", "coordination"),
            Step("assign", "disposition"),
            _START,
            _REPORT,
            Step("accept", "done", "operator"),
        ),
        timedelta(days=4),
    ),
)
OPEN = (
    Life(50, ()),
    Life(12, (Step("coordinate", "coordination"),)),
    Life(8, (Step("coordinate", "coordination"), Step("assign", "disposition"))),
    Life(22, (_START,)),
    Life(8, (_START, _REPORT)),
)


def choose(rng: Random, among: tuple[Life, ...]) -> Life:
    """One of them, by weight."""
    return rng.choices(among, [life.weight for life in among])[0]


def with_notes(rng: Random, life: Life, count: int, *, ends: bool) -> list[Step]:
    """The life's steps with so many notes of officers between them; none after the end."""
    steps = list(life.steps)
    for _ in range(count):
        place = rng.randint(0, len(steps) - (1 if ends else 0))
        before = steps[place - 1].after if place else "waiting"
        steps.insert(place, Step("note", before, notes=NOTES))
    return steps


def moments(rng: Random, count: int, whole: timedelta) -> list[timedelta]:
    """When each of so many steps comes, as times since the opening; the last at `whole`."""
    parts = [rng.uniform(0.2, 1) for _ in range(count)]
    total, since, found = sum(parts), 0.0, []
    for part in parts:
        since += part / total
        found.append(whole * since)
    return found


def lasting(rng: Random, life: Life, at_most: timedelta) -> timedelta:
    """How long it takes: many are quick, a few drag on."""
    return min(life.median * rng.lognormvariate(0, 0.8), at_most * 0.95)
