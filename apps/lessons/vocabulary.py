"""The fixed terms of lessons: codes that code compares, labels that people read. No models."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class LessonKind(models.TextChoices):
    """As what it was written down, as the UN toolbox has it (field guide (a) row 26)."""

    AFTER_ACTION = "after_action", _("From an after-action review")
    LESSON = "lesson", _("Lesson learned")
    PRACTICE = "practice", _("Practice note")
    SURVEY = "survey", _("Survey of practice")
    END_OF_ASSIGNMENT = "end_of_assignment", _("End-of-assignment report")
