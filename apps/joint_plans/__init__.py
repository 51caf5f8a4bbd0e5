"""Joint plans: made together, agreed on the record, reopened when the facts change."""
