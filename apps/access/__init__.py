"""access: asking for access and deciding on it, emergencies and their review, the audit, the protocol. No models."""
