"""The portal's own commands, and Django's where they must run as the owner of the tables."""
