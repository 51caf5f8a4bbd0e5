"""Action points: what one position is to do until when, and another verifies."""
