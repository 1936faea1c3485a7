"""What a CRM's words mean."""

from typing import Any

import pytest
from django.utils import translation

from central.complaints.models import Complaint
from central.forwarding.meaning import Meaning, faults_of_rules, meaning

WORDS = [
    ("open", "", Meaning.NOTHING),
    ("open", "Menunggu", Meaning.NOTHING),
    ("open", "laporan diterima", Meaning.NOTHING),
    ("open", "Koordinasi", Meaning.COORDINATED),
    ("open", "7K2M-9QXD-41TB: Proses", Meaning.STARTED),
    ("open", "sedang DIKERJAKAN petugas", Meaning.STARTED),
    ("open", "In progress", Meaning.STARTED),
    ("closed", "", Meaning.DONE),
    ("closed", "  ", Meaning.DONE),
    ("closed", "Selesai", Meaning.DONE),
    ("closed", "Issue resolved.", Meaning.DONE),
    ("closed", "Ditolak: tidak valid", Meaning.REJECTED),
    ("closed", "Rejected: no violation found, case resolved", Meaning.REJECTED),
    ("closed", "bukan kewenangan kami", Meaning.NOT_THEIRS),
    ("closed", "Not resolved: road closed", Meaning.UNCLEAR),
    ("closed", "belum selesai", Meaning.UNCLEAR),
    ("closed", "Digabung dengan laporan lain", Meaning.UNCLEAR),
    ("closed", "Hilang sendiri", Meaning.UNCLEAR),
    ("archived", "", Meaning.UNCLEAR),
]


@pytest.mark.parametrize(("status", "notes", "meant"), WORDS)
def test_words(status: str, notes: str, meant: Meaning) -> None:
    assert meaning(status, notes) is meant


@pytest.mark.parametrize("language", ["id", "en"])
def test_another_sigap_is_understood(language: str) -> None:
    expected = {
        "waiting": Meaning.NOTHING,
        "coordination": Meaning.COORDINATED,
        "disposition": Meaning.STARTED,
        "in_progress": Meaning.STARTED,
        "verification": Meaning.STARTED,
        "done": Meaning.DONE,
        "rejected": Meaning.REJECTED,
        "gone": Meaning.UNCLEAR,
        "merged": Meaning.UNCLEAR,
    }
    with translation.override(language):
        found = {
            state.value: meaning("closed" if state in Complaint.ENDED_STATES else "open", str(state.label))
            for state in Complaint.State
        }
    assert found == expected


def test_a_city_s_own_rules_come_first() -> None:
    rules = [["closed", "selesai tanpa", "unclear"], ["open", "^K2$", "started"]]
    assert meaning("closed", "Selesai tanpa tindakan", rules) is Meaning.UNCLEAR
    assert meaning("open", "k2", rules) is Meaning.STARTED
    assert meaning("closed", "Selesai", rules) is Meaning.DONE


@pytest.mark.parametrize(
    ("rules", "says"),
    [
        ({}, "list"),
        ([["closed", "x"]], "meaning"),
        ([["done", "x", "done"]], "open or closed"),
        ([["open", "x", "perfect"]], "one of"),
        ([["open", "(", "done"]], "unterminated"),
    ],
)
def test_rules_that_do_not_hold(rules: Any, says: str) -> None:
    [fault] = faults_of_rules(rules)
    assert says in fault
