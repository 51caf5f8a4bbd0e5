"""The cast: people who stand in every relation to a record that the row rule knows, and a world of records."""
