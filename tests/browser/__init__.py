"""Journeys in a real browser, against the web process of the portal. A target of their own: `manage.py test --browser`."""
