"""`manage.py faults`: kills the portal's processes at random, and proves that nothing is lost or told twice."""
