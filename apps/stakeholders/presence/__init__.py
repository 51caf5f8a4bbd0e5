"""Who does what, where and when: reading, writing, overlaps and files of presence."""
