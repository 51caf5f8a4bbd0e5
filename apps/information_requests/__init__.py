"""Requests for information: asked, drafted, and answered by a release alone."""
