"""Minutes: how two versions of a text become one, how they are saved, and the document they make."""
