"""Lessons: what was learnt, from which record, and where it is shown again."""
