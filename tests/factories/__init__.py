"""Builders of test data: a small mission with every role, and requests that are complete for their kind."""
