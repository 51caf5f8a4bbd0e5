"""accounts: people who sign in: users, sessions, tokens, language, time zone. No missions, no records."""
