"""Liaison: offices and their duty rosters, who is linked with whom, and what was said and agreed."""
