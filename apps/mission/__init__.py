"""mission: the mission's structure, edited by administrators: areas, organisations, positions, deciders, lead times. No content."""
