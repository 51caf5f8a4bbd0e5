"""Bringing tables of organisations and of presence (3W, 4W) onto the register: read, judged, confirmed, applied."""
