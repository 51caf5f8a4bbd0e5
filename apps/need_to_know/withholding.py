"""The migration operation that puts columns under field rules; used after `Guard`, in the domain's own migrations."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.db import models
from django.db.migrations.operations.base import Operation

from apps.records.field_rules import PARTIES

TRIGGER = "records_withhold"
# What the history told of the values; that they changed stays.
_HISTORY = """
    INSERT INTO records_change (record_id, "table", "row", operation, fields, actor_id, transaction, at)
    SELECT c.record_id, 'records_withheld', c.record_id::text, 'update', m.fields, c.actor_id, c.transaction, c.at
      FROM records_change c CROSS JOIN LATERAL (
           SELECT jsonb_object_agg(n, '[null, null]'::jsonb) FROM jsonb_object_keys(c.fields) n
            WHERE n IN ({names})) m(fields)
     WHERE c."table" = '{table}' AND m.fields IS NOT NULL;
    UPDATE records_change SET fields = fields - ARRAY[{names}] WHERE "table" = '{table}' AND fields ?| ARRAY[{names}];
    DELETE FROM records_change WHERE "table" = '{table}' AND fields = '{{}}'
"""


class Withhold(Operation):
    """Keep what columns of a record's own table hold apart from the table, by triggers.

    `fields` maps fields to what their rule opens to; every reader sees them empty. `points` are pairs of latitude
    and longitude in degrees, exact for the parties and rounded for other readers. Values that were there before
    are moved, and taken out of the history.
    """

    reversible = True
    reduces_to_sql = True

    def __init__(
        self, model_name: str, fields: dict[str, str], points: Sequence[tuple[str, str]] = (),
        column: str = "record_ptr_id",
    ) -> None:  # fmt: skip
        self.model_name, self.fields, self.points, self.column = model_name, fields, points, column

    def deconstruct(self) -> tuple[str, list[Any], dict[str, Any]]:
        """For Django's migration writer."""
        kwargs = {"fields": self.fields, "points": self.points, "column": self.column}
        return (type(self).__name__, [self.model_name], kwargs)

    def state_forwards(self, app_label: str, state: Any) -> None:
        """Triggers are no part of Django's state."""

    def database_forwards(self, app_label: str, schema_editor: Any, from_state: Any, to_state: Any) -> None:
        """Make the triggers, then move what is there."""
        for statement in self.statements(to_state.apps.get_model(app_label, self.model_name)):
            schema_editor.execute(statement, params=None)

    def _ruled(self, model: Any) -> list[tuple[str, str, str]]:
        """(rule, what is shown, column) of each field."""
        made = []
        for name, opens_to in self.fields.items():
            field = model._meta.get_field(name)
            text = isinstance(field, models.CharField | models.TextField)
            if not text and not field.null:
                raise ValueError(f"{name} can be shown neither empty nor as nothing")
            made.append((opens_to, "blank" if text else "none", field.column))
        made += [(PARTIES, "coarse", model._meta.get_field(n).column) for pair in self.points for n in pair]
        return made

    def statements(self, model: Any) -> list[str]:
        """The SQL. SECURITY: tables, columns and rules are names from our own code."""
        table, ruled = model._meta.db_table, self._ruled(model)
        columns = [column for _rule, _how, column in ruled]
        coarse = [column for _rule, how, column in ruled if how == "coarse"]
        args = ", ".join(f"'{each}'" for each in (self.column, *(" ".join(each) for each in ruled)))
        made = [
            f"CREATE TRIGGER {TRIGGER} BEFORE INSERT OR UPDATE ON {table} FOR EACH ROW"
            f" WHEN (current_user <> 'portal_door') EXECUTE FUNCTION records_withhold({args})",
            f"DROP TRIGGER {table}_history ON {table}",
            f"CREATE TRIGGER {table}_history AFTER INSERT OR UPDATE OR DELETE ON {table} FOR EACH ROW"
            f" EXECUTE FUNCTION records_change_note('{self.column}', 'touch', '{','.join(columns)}')",
        ]
        if coarse:
            args = ", ".join(f"'{each}'" for each in (table, self.column, *coarse))
            made += [
                f"CREATE TRIGGER {table}_coarse AFTER UPDATE OF sensitivity ON records_record FOR EACH ROW"
                f" WHEN (OLD.sensitivity <> NEW.sensitivity) EXECUTE FUNCTION records_coarsen({args})",
                f"CREATE TRIGGER {table}_coarse AFTER INSERT OR UPDATE OR DELETE ON mission_sharingprotocol"
                f" FOR EACH ROW EXECUTE FUNCTION records_coarsen({args})",
            ]
        return [*made, "SET LOCAL ROLE portal_door", *self._moving(table, ruled), "RESET ROLE"]

    def _moving(self, table: str, ruled: list[tuple[str, str, str]]) -> list[str]:
        """What was there before: into its own table, out of the column, out of the history."""
        names = ", ".join(f"'{column}'" for _rule, _how, column in ruled)
        shown = {
            "blank": "''",
            "none": "NULL",
            "coarse": "records_coarse(t.{0}, records_decimals(r.mission_id, r.sensitivity))",
        }
        said = ", ".join(f"{column} = {shown[how].format(column)}" for _rule, how, column in ruled)
        return [
            *(
                f"INSERT INTO records_withheld (record_id, field, rule, value) SELECT t.{self.column}, '{column}',"  # noqa: S608
                f" '{rule}', to_jsonb(t.{column}) FROM {table} t"
                f" WHERE nullif(nullif(to_jsonb(t.{column}), 'null'), '\"\"') IS NOT NULL"
                for rule, _how, column in ruled
            ),
            f"UPDATE {table} t SET {said} FROM records_record r WHERE r.id = t.{self.column}",  # noqa: S608
            _HISTORY.format(table=table, names=names),
        ]

    def database_backwards(self, app_label: str, schema_editor: Any, from_state: Any, to_state: Any) -> None:
        """Take the triggers away and put the values back; what left the history is gone."""
        model = from_state.apps.get_model(app_label, self.model_name)
        table, ruled = model._meta.db_table, self._ruled(model)
        for made in (
            f"DROP TRIGGER {TRIGGER} ON {table}",
            f"DROP TRIGGER IF EXISTS {table}_coarse ON records_record",
            f"DROP TRIGGER IF EXISTS {table}_coarse ON mission_sharingprotocol",
            f"DROP TRIGGER {table}_history ON {table}",
            "SET LOCAL ROLE portal_door",
            *(
                f"UPDATE {table} t SET {column} = (jsonb_populate_record(t, jsonb_build_object('{column}', w.value)))."  # noqa: S608
                f"{column} FROM records_withheld w WHERE w.record_id = t.{self.column} AND w.field = '{column}'"
                for _rule, _how, column in ruled
            ),
            f"DELETE FROM records_withheld w USING {table} t WHERE w.record_id = t.{self.column}",  # noqa: S608
            "RESET ROLE",
            f"CREATE TRIGGER {table}_history AFTER INSERT OR UPDATE OR DELETE ON {table}"
            f" FOR EACH ROW EXECUTE FUNCTION records_change_note('{self.column}', 'touch')",
        ):
            schema_editor.execute(made, params=None)

    def describe(self) -> str:
        """For `migrate -v 2`."""
        return f"Withhold fields of {self.model_name}"
