"""What the portal may reach by HTTP, and the key by which it sends push messages. Mail is not here."""

from __future__ import annotations

import base64
import binascii
import ipaddress
from pathlib import Path

from cimic_portal.settings.environment import Environment

Network = ipaddress.IPv4Network | ipaddress.IPv6Network
#: A wider network than these is a slip, not a network of the mission.
_WIDEST = {4: 8, 6: 7}


def outward_settings(env: Environment) -> tuple[list[Network], list[int], str, str]:
    """Private networks of the mission's systems, ports, a certificate authority of one's own, the key of Web Push.

    All are empty by default: then only public addresses at port 443 are reached, and nobody is offered push messages.
    """
    authority = env.text("OUTWARD_CA_FILE", "")
    if authority and not Path(authority).is_file():
        env.problems.append(f"OUTWARD_CA_FILE: {authority} is not a file")
        authority = ""
    networks = [net for name in env.names("OUTWARD_NETWORKS", []) if (net := _network(env, name))]
    ports = [port for name in env.names("OUTWARD_PORTS", ["443"]) if (port := _port(env, name))]
    return networks, ports, authority, _key(env)


def _network(env: Environment, name: str) -> Network | None:
    try:
        found = ipaddress.ip_network(name)
    except ValueError:
        found = None
    if found is None or found.prefixlen < _WIDEST[found.version]:
        env.problems.append(f"OUTWARD_NETWORKS must list networks such as 10.20.0.0/16, not {name!r}")
        return None
    return found


def _port(env: Environment, name: str) -> int | None:
    if name.isdecimal() and 0 < int(name) < 65536:
        return int(name)
    env.problems.append(f"OUTWARD_PORTS must list ports such as 443,8443, not {name!r}")
    return None


def _key(env: Environment) -> str:
    """PEM, or 32 bytes in base64url. SECURITY: what is wrong is told without the key."""
    key = env.text("VAPID_PRIVATE_KEY", "")
    if key and not _is_p256(key):
        env.problems.append("VAPID_PRIVATE_KEY must be a P-256 key: PEM, or its 32 bytes in base64url")
        return ""
    return key


def _is_p256(key: str) -> bool:
    # WHY: only where there is a key: loading this takes longer than all other settings.
    from cryptography.exceptions import UnsupportedAlgorithm
    from cryptography.hazmat.primitives.asymmetric import ec
    from cryptography.hazmat.primitives.serialization import load_pem_private_key

    try:
        if key.startswith("-----BEGIN "):
            loaded = load_pem_private_key(key.encode(), password=None)
            return isinstance(loaded, ec.EllipticCurvePrivateKey) and isinstance(loaded.curve, ec.SECP256R1)
        number = base64.b64decode(key + "=" * (-len(key) % 4), altchars=b"-_", validate=True)
        ec.derive_private_key(int.from_bytes(number, "big"), ec.SECP256R1())
        return len(number) == 32
    except (binascii.Error, ValueError, TypeError, UnsupportedAlgorithm):
        return False
