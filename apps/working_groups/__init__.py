"""Working groups, their meetings, and what is decided there."""
