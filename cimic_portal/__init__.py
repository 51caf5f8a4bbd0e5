"""Wiring of the portal: settings, URLs, entry points, embedded services and the supervisor.

No rule of the domain lives here. This module imports nothing, because `manage.py` reads the package
before any requirement is installed.
"""
