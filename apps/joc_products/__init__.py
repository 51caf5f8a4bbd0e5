"""Products of the Joint Operations Centre: reports compiled of sections that positions contribute."""
