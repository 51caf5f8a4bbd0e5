"""accounts: people who sign in: users, sessions, tokens, language and time zone. No word of missions or records."""
