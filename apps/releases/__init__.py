"""Releases: the releasable summary (tear-line) of restricted records, signed by who owns them."""
