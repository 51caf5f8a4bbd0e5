"""The migration operation that puts a table under its record. Every table that hangs on a record uses it."""

from __future__ import annotations

from typing import Any

from django.db.migrations.operations.base import Operation

# SECURITY: a chosen id would meet the primary key of a hidden row, and a sequence tells how many rows there are.
_NUMBERED = """
    DO $$
    BEGIN
        IF EXISTS (SELECT 1 FROM pg_attribute
                    WHERE attrelid = '{table}'::regclass AND attname = 'id' AND attidentity <> '') THEN
            ALTER TABLE {table} ALTER COLUMN id SET GENERATED ALWAYS;
            EXECUTE 'REVOKE ALL ON SEQUENCE ' || pg_get_serial_sequence('{table}', 'id') || ' FROM portal_app';
        END IF;
    END $$
"""
_EDITS = "r.editors && current_setting('app.principals')::integer[]"


class ReadAsNobody(Operation):
    """Put first in a migration that makes tables under a record: their foreign keys are checked as nobody.

    WHY: the check of a new foreign key reads `records_record` under its row rule, which fails without a reader.
    The new tables are empty, so that a reader of nothing is enough.
    """

    reversible = True
    reduces_to_sql = True

    def state_forwards(self, app_label: str, state: Any) -> None:
        """Settings are no part of Django's state."""

    def database_forwards(self, app_label: str, schema_editor: Any, from_state: Any, to_state: Any) -> None:
        """Settings of a reader of nothing, for this transaction."""
        values = dict.fromkeys(
            ("principals", "compartments", "positions", "lent", "lent_edit", "barred"), "{}"
        )
        for name, value in {
            **values,
            "actor": "clock",
            "mission": "0",
            "clearance": "0",
            "audits": "false",
        }.items():
            schema_editor.execute(f"SELECT set_config('app.{name}', '{value}', true)")

    def database_backwards(self, app_label: str, schema_editor: Any, from_state: Any, to_state: Any) -> None:
        """Nothing to undo: the settings ended with their transaction."""

    def describe(self) -> str:
        """For `migrate -v 2`."""
        return "Check foreign keys as nobody"


class Guard(Operation):
    """Put a model's table under row-level security through its record.

    A row is readable if, and only if, its record is. `writes` says who may write rows:
    "editors" of the record insert, change and delete; "readers" only append; "nobody" (triggers alone);
    "sharers" is for grants: whoever may give that right on the record.
    `history` records changes of fields in the record's history.
    """

    reversible = True
    reduces_to_sql = True

    def __init__(
        self, model_name: str, column: str = "record_id", writes: str = "editors", history: bool = True
    ):
        if writes not in {"editors", "readers", "sharers", "nobody"}:
            raise ValueError(f"unknown way of writing: {writes}")
        self.model_name, self.column, self.writes, self.history = model_name, column, writes, history

    def deconstruct(self) -> tuple[str, list[Any], dict[str, Any]]:
        """For Django's migration writer."""
        kwargs = {"column": self.column, "writes": self.writes, "history": self.history}
        return (type(self).__name__, [self.model_name], kwargs)

    def state_forwards(self, app_label: str, state: Any) -> None:
        """Policies are no part of Django's state."""

    def database_forwards(self, app_label: str, schema_editor: Any, from_state: Any, to_state: Any) -> None:
        """Enable and force row-level security, with the policies and the history trigger."""
        table = self._table(app_label, to_state)
        for statement in self.statements(table):
            schema_editor.execute(statement)

    def _table(self, app_label: str, state: Any) -> str:
        app, _dot, model = self.model_name.rpartition(".")
        return str(state.apps.get_model(app or app_label, model)._meta.db_table)

    def statements(self, table: str) -> list[str]:
        """The SQL, for this table."""
        # SECURITY: table and column are names from our own models.
        its_record = f"EXISTS (SELECT 1 FROM records_record r WHERE r.id = {table}.{self.column})"  # noqa: S608
        edited = (
            f"EXISTS (SELECT 1 FROM records_record r WHERE r.id = {table}.{self.column} AND ({_EDITS}"  # noqa: S608
            f" OR r.id = ANY (current_setting('app.lent_edit')::bigint[])))"
        )
        made = [
            f"ALTER TABLE {table} ENABLE ROW LEVEL SECURITY",
            f"ALTER TABLE {table} FORCE ROW LEVEL SECURITY",
            f"CREATE POLICY readable ON {table} FOR SELECT USING ({its_record})",
            _NUMBERED.format(table=table),
        ]
        if self.writes == "editors":
            made += [
                f"CREATE POLICY added ON {table} FOR INSERT WITH CHECK ({edited})",
                f"CREATE POLICY edited ON {table} FOR UPDATE USING ({edited}) WITH CHECK ({edited})",
                f"CREATE POLICY removed ON {table} FOR DELETE USING ({edited})",
            ]
        elif self.writes == "readers":
            made += [f"CREATE POLICY added ON {table} FOR INSERT WITH CHECK ({its_record})"]
        elif self.writes == "sharers":
            shared = f"need_to_know_may_give({table}.{self.column}, {table}.permission_id)"
            made += [
                f"CREATE POLICY added ON {table} FOR INSERT WITH CHECK ({shared})",
                f"CREATE POLICY edited ON {table} FOR UPDATE USING ({shared}) WITH CHECK ({shared})",
                f"CREATE POLICY removed ON {table} FOR DELETE USING ({shared})",
            ]
        if self.history:
            made += [
                f"CREATE TRIGGER {table}_history AFTER INSERT OR UPDATE OR DELETE ON {table}"
                f" FOR EACH ROW EXECUTE FUNCTION records_change_note('{self.column}', 'touch')"
            ]
        return made

    def database_backwards(self, app_label: str, schema_editor: Any, from_state: Any, to_state: Any) -> None:
        """Take the policies and the trigger away again."""
        table = self._table(app_label, from_state)
        for policy in ("readable", "added", "edited", "removed"):
            schema_editor.execute(f"DROP POLICY IF EXISTS {policy} ON {table}")
        schema_editor.execute(f"DROP TRIGGER IF EXISTS {table}_history ON {table}")
        schema_editor.execute(f"ALTER TABLE {table} NO FORCE ROW LEVEL SECURITY")
        schema_editor.execute(f"ALTER TABLE {table} DISABLE ROW LEVEL SECURITY")

    def describe(self) -> str:
        """For `migrate -v 2`."""
        return f"Guard {self.model_name} through its record"
