"""The portal's Django apps; each room's docstring says what lives in it and what must not."""
