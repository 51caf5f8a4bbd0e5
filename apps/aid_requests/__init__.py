"""Requests for military assistance (RFA): the entity, its rules and its life. Nothing general lives here."""
