"""api: the portal for programs. It reads the declarations and calls the services that pages use."""
