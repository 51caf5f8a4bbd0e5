"""`manage.py check_need_to_know`: compares every audience with its sources, and the wall with its plan."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand, CommandError

from apps.need_to_know.checking import (
    chain_digest,
    chain_problems,
    content_differences,
    edge_problems,
    rule_problems,
    structure_problems,
    unmanaged_records,
)
from apps.need_to_know.indexing import search_problems


class Command(BaseCommand):
    """Exits with an error if anything differs; names records by number alone."""

    help = "Check audiences, editors, feeds, search, log chains, workflow edges, policies and functions."

    def handle(self, *args: Any, **options: Any) -> None:
        """Run every comparison and say what differs."""
        found = [*structure_problems(), *edge_problems(), *search_problems(), *rule_problems()]
        found += [
            f"record {number}: {kind} differs from its sources" for kind, number in content_differences()
        ]
        found += [f"record {number}: nobody manages it" for number in unmanaged_records()]
        found += [
            f"record {number}: its log of reads is broken at entry {entry}"
            for number, entry in chain_problems()
        ]
        for line in found:
            self.stderr.write(line)
        if found:
            raise CommandError(f"{len(found)} differences")
        self.stdout.write(f"Digest of the logs of reads (keep it elsewhere): {chain_digest()}")
        self.stdout.write("Everybody reads what they should, and nothing else.")
