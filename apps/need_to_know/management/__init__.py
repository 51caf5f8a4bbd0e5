"""Commands of need-to-know."""
