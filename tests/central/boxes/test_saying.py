"""Faults that boxes and their rules name are said in the reader's language, by their code."""

import ast
import re
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from django.utils import translation
from pydantic import ValidationError

import calibration
import contract
from calibration.fitting import fit_metres
from calibration.ground import CalibrationError
from calibration.zones import fault_of
from central.boxes.desired.saying import SAID, fault_in_words, sentence_in_words
from contract.desired import Fault
from contract.sentences import Sentence
from contract.settings.camera import CameraSettings, contradictions
from contract.settings.explaining import explain

SQUARE = [[0.1, 0.1], [0.9, 0.1], [0.9, 0.9], [0.1, 0.9]]
MAKERS = {"Unfit", "Sentence", "ZoneError", "CalibrationError"}
CODE = re.compile(r"[a-z_]+(\.[a-z_]+)?")


def codes(folder: Path) -> set[str]:
    """The second argument of whatever makes a sentence with a code; both where it depends."""
    found: set[str] = set()
    for path in folder.rglob("*.py"):
        for call in ast.walk(ast.parse(path.read_text())):
            is_maker = isinstance(call, ast.Call) and isinstance(call.func, ast.Name) and call.func.id in MAKERS
            if is_maker and len(call.args) > 1:  # type: ignore[attr-defined]
                constants = (each for each in ast.walk(call.args[1]) if isinstance(each, ast.Constant))  # type: ignore[attr-defined]
                found |= {each.value for each in constants if isinstance(each.value, str)}
    return {code for code in found if CODE.fullmatch(code)}


def test_every_code_of_ours_has_its_words() -> None:
    ours = codes(Path(contract.__file__).parent) | codes(Path(calibration.__file__).parent)
    assert len(ours) > 20
    assert ours <= set(SAID)


def faults_of(values: Any) -> list[Sentence]:
    with pytest.raises(ValidationError) as caught:
        CameraSettings.model_validate(values)
    return [explain(CameraSettings, detail)[1] for detail in caught.value.errors()]


WRONG: list[tuple[dict[str, Any], str]] = [
    ({"zones": {"a": {"kind": "roadway"}}}, "“points” belum ada."),
    ({"zones": {"a": {"kind": "roadway", "points": SQUARE, "plce": "x"}}}, "mungkin “place”?"),
    ({"zones": {"A B": {"kind": "roadway", "points": SQUARE}}}, "“A B” tidak dapat menjadi nama"),
    ({"zones": {"a": {"kind": "lake", "points": SQUARE}}}, "Harus salah satu dari"),
    ({"zones": {"a": {"kind": "roadway", "points": [[0, 0], [2, 0], [1, 1]]}}}, "Paling besar 1"),
    ({"zones": {"a": {"kind": "roadway", "points": SQUARE[:2]}}}, "Perlu sedikitnya 3"),
    ({"incidents": {"jam": {"zones": ["a"], "min_duration": "10"}}}, "Tulis angka dan satuan (ms, s, min, h, d)"),
    ({"incidents": {"jam": {"zones": ["a"], "speed_below_kmh": "cepat"}}}, "Harus berupa angka. (Ditemukan: 'cepat')"),
    ({"incidents": {"flood": {"zones": ["a"], "depth_classes": [30, 10]}}}, "Batas kedalaman harus naik"),
]


@pytest.mark.parametrize(("values", "said"), WRONG)
def test_what_cannot_be_read_is_said_in_indonesian(values: dict[str, Any], said: str) -> None:
    with translation.override("id"):
        told = [sentence_in_words(sentence) for sentence in faults_of(values)]
    assert any(said in each for each in told), told


def test_what_contradicts_itself_and_what_is_no_outline() -> None:
    settings = CameraSettings.model_validate({"incidents": {"jam": {"zones": ["utara"]}}})
    crossing = fault_of([SQUARE[0], SQUARE[2], SQUARE[1], SQUARE[3]])
    assert crossing is not None
    with translation.override("id"):
        [(_place, sentence)] = contradictions(settings, None)
        assert sentence_in_words(sentence) == "Kamera ini tidak punya zona “utara” atau zona lain: gambarlah satu."
        assert "bersilangan atau bersentuhan" in sentence_in_words(Sentence.of(crossing))
        with pytest.raises(CalibrationError) as caught:
            fit_metres([[0, 0], [9, 0], [5, 5]], np.zeros((3, 2)), 10, 10)
        assert sentence_in_words(Sentence.of(caught.value)).startswith("3 titik: perlu sedikitnya empat")


def test_a_fault_keeps_its_code_on_the_wire_and_in_the_database() -> None:
    fault = Fault.at(("cameras", "a"), Sentence("point 2 …", "zone.outside", {"point": 2}))
    kept = Fault.from_bytes(fault.to_bytes()).model_dump(mode="json", exclude_none=True)
    with translation.override("id"):
        assert fault_in_words(kept) == fault_in_words(fault) == "Sudut 2 berada di luar gambar."


@pytest.mark.parametrize("more", [{}, {"code": "of.tomorrow"}, {"code": "zone.outside", "given": {"corner": "2"}}])
def test_what_is_not_known_here_is_told_as_it_came(more: dict[str, Any]) -> None:
    assert fault_in_words({"place": "", "text": "the moon is in the way"} | more) == "the moon is in the way"
