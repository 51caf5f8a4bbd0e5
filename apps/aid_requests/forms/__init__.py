"""Forms of aid requests: of the request itself, in steps, and of what steps of its workflow ask for."""
