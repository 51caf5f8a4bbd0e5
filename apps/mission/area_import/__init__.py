"""Bringing tables of P-codes into a mission: reading the table, planning each row, applying the plan."""

from .apply import ImportSummary, RefusedRows, import_apply
from .plan import Outcome, Plan, PlannedRow, import_plan
from .table import AreaTable, UnreadableTable, read_table

__all__ = [
    "AreaTable",
    "ImportSummary",
    "Outcome",
    "Plan",
    "PlannedRow",
    "RefusedRows",
    "UnreadableTable",
    "import_apply",
    "import_plan",
    "read_table",
]
