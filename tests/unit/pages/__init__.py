"""The generic pages, tried with aid requests."""
