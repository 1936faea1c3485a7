"""Draws the seeds' areas: python -m scripts.draw_areas. Not official borders.

By hand: an outline, a point in the middle of every district (kecamatan), and the islands as boxes. A district is what
lies nearer to its point than to any other (Voronoi); a city is the union of its districts. Good enough to try rules.
"""

import json
from pathlib import Path
from typing import Any

import shapely
from shapely.geometry import MultiPoint, Point, Polygon, box, mapping

SEEDS = Path(__file__).resolve().parents[1] / "central" / "routing" / "seeds"
SOURCE = "Digambar tangan untuk Sigap: perkiraan, bukan batas resmi"
GRID_DEG = 0.0001

Centres = dict[str, tuple[float, float]]
"""Name → latitude, longitude."""

JAKARTA_OUTLINE = Polygon(
    [
        (106.688, -6.095), (106.740, -6.095), (106.775, -6.105), (106.800, -6.105), (106.830, -6.115),
        (106.860, -6.115), (106.890, -6.095), (106.940, -6.095), (106.972, -6.090), (106.970, -6.155),
        (106.972, -6.185), (106.950, -6.215), (106.945, -6.250), (106.920, -6.255), (106.915, -6.300),
        (106.920, -6.345), (106.905, -6.370), (106.870, -6.360), (106.850, -6.345), (106.840, -6.365),
        (106.825, -6.365), (106.800, -6.355), (106.785, -6.320), (106.770, -6.315), (106.750, -6.275),
        (106.735, -6.235), (106.720, -6.225), (106.715, -6.190), (106.690, -6.165), (106.685, -6.130),
    ]
)  # fmt: skip
JAKARTA: dict[str, Centres] = {
    "Jakarta Pusat": {
        "Gambir": (-6.1715, 106.817),
        "Tanah Abang": (-6.205, 106.811),
        "Menteng": (-6.1955, 106.836),
        "Senen": (-6.182, 106.846),
        "Cempaka Putih": (-6.1805, 106.868),
        "Johar Baru": (-6.184, 106.857),
        "Kemayoran": (-6.163, 106.856),
        "Sawah Besar": (-6.155, 106.836),
    },
    "Jakarta Utara": {
        "Penjaringan": (-6.120, 106.780),
        "Pademangan": (-6.128, 106.838),
        "Tanjung Priok": (-6.125, 106.871),
        "Koja": (-6.118, 106.905),
        "Kelapa Gading": (-6.160, 106.902),
        "Cilincing": (-6.120, 106.945),
    },
    "Jakarta Barat": {
        "Kalideres": (-6.138, 106.702),
        "Cengkareng": (-6.150, 106.735),
        "Grogol Petamburan": (-6.163, 106.790),
        "Taman Sari": (-6.147, 106.819),
        "Tambora": (-6.147, 106.803),
        "Kebon Jeruk": (-6.195, 106.772),
        "Kembangan": (-6.190, 106.738),
        "Palmerah": (-6.192, 106.795),
    },
    "Jakarta Selatan": {
        "Kebayoran Lama": (-6.250, 106.777),
        "Kebayoran Baru": (-6.243, 106.800),
        "Pesanggrahan": (-6.255, 106.758),
        "Cilandak": (-6.290, 106.795),
        "Pasar Minggu": (-6.290, 106.827),
        "Jagakarsa": (-6.335, 106.822),
        "Mampang Prapatan": (-6.248, 106.822),
        "Pancoran": (-6.253, 106.843),
        "Tebet": (-6.230, 106.851),
        "Setiabudi": (-6.218, 106.828),
    },
    "Jakarta Timur": {
        "Matraman": (-6.205, 106.862),
        "Pulogadung": (-6.190, 106.888),
        "Jatinegara": (-6.227, 106.877),
        "Kramat Jati": (-6.275, 106.868),
        "Pasar Rebo": (-6.325, 106.857),
        "Cakung": (-6.185, 106.940),
        "Duren Sawit": (-6.232, 106.920),
        "Makasar": (-6.270, 106.893),
        "Ciracas": (-6.325, 106.878),
        "Cipayung": (-6.320, 106.903),
    },
}
ISLANDS = {
    "Kepulauan Seribu Utara": box(106.40, -5.77, 106.72, -5.18),
    "Kepulauan Seribu Selatan": box(106.40, -6.00, 106.80, -5.77),
}

PANGKALPINANG_OUTLINE = Polygon(
    [
        (106.065, -2.100), (106.080, -2.070), (106.115, -2.060), (106.135, -2.080), (106.150, -2.090),
        (106.170, -2.105), (106.172, -2.130), (106.165, -2.155), (106.150, -2.180), (106.120, -2.185),
        (106.100, -2.165), (106.075, -2.150), (106.060, -2.130),
    ]
)  # fmt: skip
PANGKALPINANG: Centres = {
    "Taman Sari": (-2.1245, 106.117),
    "Rangkui": (-2.134, 106.1085),
    "Pangkal Balam": (-2.1065, 106.131),
    "Gabek": (-2.0925, 106.105),
    "Gerunggang": (-2.129, 106.079),
    "Bukit Intan": (-2.150, 106.147),
    "Girimaya": (-2.144, 106.1265),
}


def main() -> None:
    """Writes both files."""
    _write("jakarta", _jakarta())
    _write("pangkalpinang", _pangkalpinang())


def _jakarta() -> list[dict[str, Any]]:
    centres = {name: place for districts in JAKARTA.values() for name, place in districts.items()}
    cells = _cells(centres, JAKARTA_OUTLINE)
    features = [
        _feature(f"kota-{_code(city)}", f"Kota Administrasi {city}", "city", _union([cells[one] for one in districts]))
        for city, districts in JAKARTA.items()
    ]
    islands = _union(list(ISLANDS.values()))
    features.append(_feature("kab-kepulauan-seribu", "Kabupaten Administrasi Kepulauan Seribu", "city", islands))
    every = cells | ISLANDS
    province = _feature("prov-jakarta", "Daerah Khusus Jakarta", "province", _union(list(every.values())))
    return [province, *features, *_districts(every)]


def _pangkalpinang() -> list[dict[str, Any]]:
    cells = _cells(PANGKALPINANG, PANGKALPINANG_OUTLINE)
    city = _feature("kota-pangkalpinang", "Kota Pangkalpinang", "city", _union(list(cells.values())))
    return [city, *_districts(cells)]


def _districts(cells: dict[str, Polygon]) -> list[dict[str, Any]]:
    return [_feature(f"kec-{_code(name)}", f"Kecamatan {name}", "district", cell) for name, cell in cells.items()]


def _cells(centres: Centres, outline: Polygon) -> dict[str, Polygon]:
    points = {name: Point(lon, lat) for name, (lat, lon) in centres.items()}
    nearest = shapely.voronoi_polygons(MultiPoint(list(points.values())), extend_to=outline.buffer(1))
    found = {}
    for name, point in points.items():
        (cell,) = [each for each in nearest.geoms if each.contains(point)]
        found[name] = shapely.set_precision(cell.intersection(outline), GRID_DEG)
    return found


def _union(parts: list[Polygon]) -> Any:
    return shapely.set_precision(shapely.union_all(parts), GRID_DEG)


def _feature(code: str, name: str, level: str, geometry: Any) -> dict[str, Any]:
    about = {"code": code, "name": name, "level": level, "approximate": True, "source": SOURCE}
    return {"type": "Feature", "properties": about, "geometry": _rounded(mapping(geometry))}


def _rounded(value: Any) -> Any:
    if isinstance(value, dict):
        return {name: _rounded(each) for name, each in value.items()}
    if isinstance(value, list | tuple):
        return [_rounded(each) for each in value]
    return round(value, 4) if isinstance(value, float) else value


def _code(name: str) -> str:
    return name.lower().replace(" ", "-")


def _write(city: str, features: list[dict[str, Any]]) -> None:
    lines = ",\n".join(json.dumps(feature, separators=(",", ":")) for feature in features)
    path = SEEDS / f"{city}.geojson"
    path.write_text(f'{{"type":"FeatureCollection","features":[\n{lines}\n]}}\n', encoding="utf-8")
    print(f"{path.name}: {len(features)} areas")


if __name__ == "__main__":
    main()
