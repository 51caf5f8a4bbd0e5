"""The house: commands, settings, roles, servers, containers, locks."""
