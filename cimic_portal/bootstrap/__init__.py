"""From a bare Python to the project's own virtual environment. Standard library only, always."""
