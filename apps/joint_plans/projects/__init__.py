"""Quick impact projects and works, as kinds of plans: criteria, duplication check, money, monitoring."""
