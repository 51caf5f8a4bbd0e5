"""`manage.py up` and `manage.py test`: the processes of a whole portal, started and watched by one.

Django is not imported in the supervising process; what needs it runs in a process of its own.
"""
