"""mission: its structure, edited by administrators: areas, organisations, positions, deciders, lead times."""
