"""Where things happen. The names are streets of Jakarta; where each lies is made up, spread over the city's extent."""

from dataclasses import dataclass
from random import Random

SOUTH, NORTH, WEST, EAST = -6.365, -6.095, 106.690, 106.970
"""Degrees, about thirty kilometres each way."""

NAMES = (
    "sudirman", "mh-thamrin", "gatot-subroto", "rasuna-said", "mt-haryono", "s-parman", "ahmad-yani", "di-panjaitan",
    "matraman-raya", "salemba-raya", "kramat-raya", "gunung-sahari", "hayam-wuruk", "gajah-mada", "mangga-dua-raya",
    "daan-mogot", "kyai-tapa", "latumenten", "panjang", "kebon-jeruk-raya", "pos-pengumben", "meruya-ilir",
    "ciledug-raya", "pakubuwono", "sisingamangaraja", "panglima-polim", "fatmawati", "tb-simatupang", "antasari",
    "kemang-raya", "mampang-prapatan", "warung-buncit", "pasar-minggu-raya", "lenteng-agung", "tanjung-barat",
    "pasar-rebo", "raya-bogor", "kramat-jati", "condet-raya", "otto-iskandardinata", "jatinegara-barat",
    "bekasi-timur-raya", "pemuda", "pramuka", "rawamangun-muka", "kayu-putih", "perintis-kemerdekaan", "suprapto",
    "cempaka-putih", "yos-sudarso", "boulevard-raya", "pegangsaan-dua", "cakung-cilincing", "marunda", "cilincing-raya",
    "enim", "danau-sunter", "rs-martadinata", "lodan", "gedong-panjang", "pluit-raya", "muara-karang", "kapuk-raya",
    "kamal-raya", "peta-selatan", "joglo-raya", "pesanggrahan", "veteran", "bintaro-raya", "ciputat-raya",
    "cirendeu-raya", "lebak-bulus", "cilandak-kko", "ampera-raya", "kalibata-raya", "dewi-sartika", "kampung-melayu",
    "casablanca", "prof-satrio", "karet-pasar-baru", "kh-mas-mansyur", "tanah-abang", "jati-baru", "cideng-timur",
    "tomang-raya", "palmerah-barat", "kebayoran-lama", "raden-saleh", "cikini-raya", "menteng-raya", "imam-bonjol",
    "diponegoro", "proklamasi", "tambak", "manggarai-utara", "minangkabau", "saharjo", "tebet-raya", "supomo",
    "pancoran-barat",
)  # fmt: skip
PARTS = ("", "-i", "-ii", "-iii", "-iv", "-v", "-vi", "-vii", "-viii", "-ix", "-x", "-xi", "-xii", "-xiii", "-xiv")
DIRECTIONS = ("utara", "selatan", "timur", "barat")


@dataclass(frozen=True, slots=True)
class Street:
    """One camera looks at each."""

    slug: str
    """As zones name their place: `jl-sudirman-ii`."""
    lat: float
    lon: float

    def somewhere(self, rng: Random) -> tuple[float, float]:
        """A position within a few hundred metres."""
        return round(self.lat + rng.gauss(0, 0.0015), 6), round(self.lon + rng.gauss(0, 0.0015), 6)


def streets(seed: int) -> list[Street]:
    """All of them, always the same for a seed."""
    rng = Random(f"{seed}:streets")  # noqa: S311 — a city on paper keeps no secrets
    return [
        Street(f"jl-{name}{part}", round(rng.uniform(SOUTH, NORTH), 6), round(rng.uniform(WEST, EAST), 6))
        for part in PARTS
        for name in NAMES
    ]


def busy(of: list[Street], rng: Random) -> int:
    """Index of a street; the first ones are where most happens."""
    return int(len(of) * rng.random() ** 2)
