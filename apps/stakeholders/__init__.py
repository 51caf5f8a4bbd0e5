"""Stakeholders: who is who, how they wish to be engaged, and who does what where."""
