"""Pages on which holders hand their own positions over, name substitutes, and see what comes with a position."""
