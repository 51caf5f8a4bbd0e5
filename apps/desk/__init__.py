"""The signed-in person's home page: what waits for me, and until when."""
