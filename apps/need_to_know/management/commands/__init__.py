"""check_need_to_know."""
