"""The demo mission: invented people and deeds on real geography, told through the portal's own services."""
