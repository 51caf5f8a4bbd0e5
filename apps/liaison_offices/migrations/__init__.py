"""Migrations of liaison."""
