"""JOC products by programs, beside what every record has: filing the next one, and a corrected edition."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.utils.translation import gettext_lazy as _
from rest_framework.request import Request

from apps.api.idempotency import Written, once
from apps.api.operations import Operation
from apps.api.serializers import whole_serializer
from apps.api.views.base import OfRecord
from apps.api.views.records import RecordShown
from apps.joc_products.services import correction_file, next_file


class _Following(RecordShown, OfRecord):
    """A product that is filed from another."""

    http_method_names = ["post", "options"]
    named, said, explained = "", _("File"), _("The answer is the product filed.")

    def file(self, product: Any) -> Any:
        """File it, or find the one that is filed already."""
        raise NotImplementedError

    def operations(self) -> dict[str, Operation]:
        """File."""
        return {
            "POST": Operation(
                self.named, self.said, whole_serializer(self.record_type), 201, writes=True, help=self.explained,
                problems=("missing", "not-possible", "conflict"),
            )
        }  # fmt: skip

    @once("shown")
    def post(self, request: Request, uuid: UUID) -> Written:
        """File what follows; the same answer however often it is asked."""
        made = self.file(self.record_type.concrete(self.record(uuid)))
        return Written(201, made.uuid)


class ProductNext(_Following):
    """The next one of its kind."""

    named, said = "next", _("File the product that follows this one, and ask its contributors")

    def file(self, product: Any) -> Any:
        """The same template, the period that follows."""
        return next_file(self.actor, product=product)


class ProductCorrection(_Following):
    """A corrected edition."""

    named, said = "correction", _("File a corrected edition of a product that is out")

    def file(self, product: Any) -> Any:
        """With all that it says."""
        return correction_file(self.actor, product=product)
