"""What can go wrong with a record, in the domain's own words. Pages and API translate these, once each."""

from __future__ import annotations

from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _


class RecordError(Exception):
    """Base of the refusals below; `message` is fit for the person who acted."""

    message = _("This could not be done.")

    def __init__(self, message: object = None) -> None:
        self.message = message or type(self).message  # type: ignore[assignment]
        super().__init__(str(self.message))


class StaleRecord(RecordError):
    """The record changed since the actor read it."""

    message = _("Somebody changed this in the meantime. Look at it as it stands now, then decide again.")


class NotPermitted(RecordError):
    """The actor may read the record but not do this."""

    message = _("You may not do this.")


class IllegalTransition(RecordError):
    """The workflow has no such step from here."""

    message = _("This step is not possible from the present state.")


class DutyConflict(RecordError):
    """Separation of duties: nobody acts as two of requester, validator and decider on one request."""

    message = _(
        "You have already acted on this in another duty. Requester, validator and decider "
        "must be different people."
    )


class Incomplete(RecordError):
    """A step was refused because something is missing; `errors` maps field names to messages."""

    message = _("Some things are still missing.")

    def __init__(self, errors: dict[str, list[str]], message: object = None) -> None:
        super().__init__(message)
        self.errors = errors

    def as_validation_error(self) -> ValidationError:
        """The same as Django's error, by field."""
        return ValidationError(self.errors)
