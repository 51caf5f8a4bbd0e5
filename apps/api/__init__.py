"""api: the portal for programs. It reads the record types' declarations and calls the services that pages call."""
