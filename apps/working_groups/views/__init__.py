"""Pages of working groups, meetings and decisions."""
