"""Journeys in a real browser, against the portal's web process: `manage.py test --browser`."""
