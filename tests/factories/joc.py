"""JOC products at any point of their life, with sections that positions are asked for."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from django.utils import timezone

from apps.joc_products.models import Contribution, JocProduct, ProductTemplate
from apps.records.services import record_file
from apps.records.transitions import transition
from tests.factories.canary import canary
from tests.factories.staff import Staff

#: Heading -> the post that is asked for it; None: the JOC itself.
ASKED: Mapping[str, str | None] = {
    "Highlights": None,
    "Military": "cim",
    "Humanitarian": "cmc",
    "Security": "sec",
}


def template_of(
    staff: Staff, *, kind: str = "daily", is_open: bool = True, **changes: Any
) -> ProductTemplate:
    """The mission's template of a kind, with the sections of `ASKED`."""
    template = ProductTemplate.objects.get(mission=staff.mission, kind=kind)
    for name, value in {"contributions_open": is_open, **changes}.items():
        setattr(template, name, value)
    template.save()
    template.sections.all().delete()
    for number, (heading, post) in enumerate(ASKED.items(), start=1):
        template.sections.create(
            number=number, heading=heading, guidance=f"What is new: {heading}",
            position=staff.positions[post] if post else None, is_required=post is None,
        )  # fmt: skip
    return template


def product_file(
    staff: Staff, *, by: str = "joc", is_open: bool = True, kind: str = "daily", **changes: Any
) -> JocProduct:
    """A draft as its template has it."""
    template = template_of(staff, kind=kind, is_open=is_open)
    values: dict[str, Any] = {"title": canary("product"), "template": template, "scope": "organisation"}
    with staff.acting(by) as actor:
        filed: JocProduct = record_file(actor, record=JocProduct(**values | changes))
        return JocProduct.objects.get(pk=filed.pk)


def now(product: JocProduct) -> JocProduct:
    """The product as the database has it; call it while acting."""
    return JocProduct.objects.get(pk=product.pk)


def take(staff: Staff, product: JocProduct, by: str, name: str, note: str = "", **data: Any) -> JocProduct:
    """Take a step as the holder of a post."""
    with staff.acting(by) as actor:
        transition(actor, record=now(product), name=name, data=data, note=note)
        return now(product)


def section(staff: Staff, product: JocProduct, heading: str, by: str = "joc") -> Contribution:
    """A section by its heading, as that post reads it."""
    with staff.acting(by):
        return Contribution.objects.get(product_id=product.pk, heading=heading)


def collecting(staff: Staff, **changes: Any) -> JocProduct:
    """One whose contributors are asked."""
    return take(staff, product_file(staff, **changes), "joc", "ask")


def give(staff: Staff, product: JocProduct, heading: str, text: str = "", *, by: str | None = None) -> str:
    """Write a section as the post that is asked for it; the text."""
    who, text = by or ASKED[heading] or "joc", text or canary(heading)
    row = section(staff, product, heading, by=who)
    take(staff, product, who, "contribute", section=str(row.uuid), text=text, section_version=row.version)
    return text


def compiling(staff: Staff, **changes: Any) -> JocProduct:
    """One whose collection is closed: the military section has come, two have not; the JOC has written its own."""
    product = collecting(staff, **changes)
    give(staff, product, "Military")
    give(staff, product, "Highlights")
    return take(staff, product, "joc", "close")


def released(staff: Staff, **changes: Any) -> JocProduct:
    """One that the release authority has released."""
    product = take(staff, compiling(staff, **changes), "joc", "submit")
    return take(staff, product, "rel", "release")


def bring_to(staff: Staff, state: str, **changes: Any) -> JocProduct:
    """A product in that state."""
    from apps.joc_products.services import correction_file

    if state == "draft":
        return product_file(staff, **changes)
    if state == "collecting":
        return collecting(staff, **changes)
    if state == "withdrawn":
        return take(staff, product_file(staff, **changes), "joc", "discard", note="Not needed")
    product = compiling(staff, **changes)
    if state == "compiling":
        return product
    product = take(staff, product, "joc", "submit")
    if state == "for_release":
        return product
    if state == "returned":
        return take(staff, product, "rel", "return", note="The numbers are wrong")
    product = take(staff, product, "rel", "release")
    if state == "superseded":
        with staff.acting("joc") as actor:
            newer = correction_file(actor, product=now(product))
        for by, name in (("joc", "compile"), ("joc", "submit"), ("rel", "release")):
            take(staff, newer, by, name)
        with staff.acting("joc"):
            return now(product)
    return product


def soon(hours: float = 1) -> Any:
    """A moment ahead."""
    return timezone.now() + timedelta(hours=hours)
