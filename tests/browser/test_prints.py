"""What comes out of the printer: every sheet has its marking at head and foot, and the decision sheet is one sheet."""

from __future__ import annotations

import io
from collections.abc import Callable

from pypdf import PdfReader

from apps.aid_requests.models import AidRequest
from apps.need_to_know.acting import acting_as
from apps.records.services import record_file
from tests.browser.mission import Setting
from tests.browser.person import Person

PARAGRAPH = "The road has been closed since the ambush, and rations end in nine days. "


def request_make(setting: Setting, **fields: object) -> AidRequest:
    """A confidential request of the requester's, committed."""
    with acting_as(setting.people["requester"], setting.mission) as actor:
        given = {
            "title": "Escort to Bor",
            "kind": "armed_escort",
            "classification": 1,
            "sensitivity": 2,
            **fields,
        }
        made: AidRequest = record_file(
            actor, record=AidRequest(**given), position=setting.positions["requester"]
        )
    return made


def sheets(person: Person, path: str) -> list[str]:
    """The text of each printed sheet of a page, on A4."""
    assert person.see(path) == 200
    paper = person.page.pdf(format="A4", prefer_css_page_size=True)
    return [" ".join(page.extract_text().split()) for page in PdfReader(io.BytesIO(paper)).pages]


def test_i19_every_printed_sheet_has_its_marking(person: Callable[..., Person], setting: Setting) -> None:
    long = request_make(setting, need_statement=PARAGRAPH * 60, last_resort_justification=PARAGRAPH * 60)
    printed = sheets(person("requester"), f"/aid-requests/{long.uuid}/print/")
    assert len(printed) > 2
    for number, text in enumerate(printed, 1):
        assert text.count("CONFIDENTIAL Sensitivity: high") == 2, text[:300]
        assert text.count("Originator: Bridge Relief") == 1
        assert (
            f"{long.reference} · Drawn out by: Amina Okello, Logistics focal point, Bridge Relief · " in text
        )
        assert f"{number} / {len(printed)}" in text


def test_i19_the_decision_sheet_is_one_sheet(person: Callable[..., Person], setting: Setting) -> None:
    text = PARAGRAPH * 2
    full = request_make(
        setting, need_statement=text, consequence_if_not_met=text, last_resort_justification=text,
        distinction_measures=text, escort_route=text, escort_crew=text, escort_alternatives=text, common_position=text,
        discontinuation_plan=text, humanitarian_need_text=text, authorities_text=text, security_text=text,
        sustainability_text=text,
    )  # fmt: skip
    (sheet,) = sheets(person("requester"), f"/aid-requests/{full.uuid}/decision-sheet/")
    assert sheet.count("CONFIDENTIAL Sensitivity: high") == 2
    assert sheet.count("rations end in nine days") == 13 * 2
    assert "Signature" in sheet
