#!/usr/bin/env python3
"""The portal's commands: `up`, `test`, and every Django command. Run it with any Python from 3.11."""

from __future__ import annotations

import sys

from cimic_portal.bootstrap import entry

if __name__ == "__main__":
    sys.exit(entry.main(sys.argv[1:]))
