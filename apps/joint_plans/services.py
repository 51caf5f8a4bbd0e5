"""Writes to plans that are no steps: who plans along, the day of the review. Parts have a module of their own."""

from __future__ import annotations

from datetime import date

from django.db import connection

from apps.joint_plans.models import JointPlan


def appointed(plan: JointPlan) -> None:
    """Give whoever plans along the right to change the plan, and take it from whoever does no more."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT joint_plans_appointed(%s)", [plan.pk])


def review_day_set(plan: JointPlan, day: date | None) -> None:
    """Set the day of the next review; it moves the plan's clock."""
    JointPlan.objects.filter(pk=plan.pk).update(review_on=day)
    plan.refresh_from_db(fields=["review_on", "trips_at"])
