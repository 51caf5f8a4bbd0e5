"""The project's virtual environment: made once, filled from the hashed lock, known by its stamp.

Standard library only.
"""

from __future__ import annotations

import fcntl
import hashlib
import os
import shutil
import subprocess
import sys
import venv
from collections.abc import Iterator
from contextlib import contextmanager
from importlib.util import find_spec
from pathlib import Path

from cimic_portal.bootstrap.progress import say
from cimic_portal.bootstrap.refusal import Refusal

RUNTIME_LOCK = "requirements.txt"
DEVELOPMENT_LOCK = "requirements-dev.txt"
#: What the tests need that nobody builds: libhxl and what it stands on.
_SOURCE_ONLY = ("libhxl", "python-io-wrapper")
_INSTALLER = Path(__file__).with_name("installer.txt")
_NEEDED = {
    RUNTIME_LOCK: ("django", "psycopg2", "celery", "uvicorn"),
    DEVELOPMENT_LOCK: (
        "django", "psycopg2", "celery", "uvicorn", "pytest", "pytest_django", "hypothesis", "aiosmtpd",
    ),
}  # fmt: skip


def enough(lock: str) -> bool:
    """True if this Python runs in a virtual environment that has what `lock` is for.

    An environment that somebody activated, or that a container image brings, is used as it is.
    """
    inside = sys.prefix != sys.base_prefix
    return inside and all(find_spec(name) is not None for name in _NEEDED[lock])


def ready_python(project: Path, lock: str) -> Path:
    """The Python of the project's virtual environment, with `lock` installed in it; made if need be."""
    place = Path(os.environ.get("PORTAL_VENV") or project / ".venv").absolute()
    with _alone(place):
        if not _stamped(place, project, lock):
            _make(place, project, lock)
    return place / "bin" / "python"


def lock_hash(project: Path, lock: str) -> str:
    """Changes with the lock's content and with the Python that it is installed for."""
    version = f"{sys.version_info.major}.{sys.version_info.minor}".encode()
    return hashlib.sha256(version + (project / lock).read_bytes()).hexdigest()


def _stamp(place: Path, lock: str) -> Path:
    return place / f".installed-{lock}"


def _stamped(place: Path, project: Path, lock: str) -> bool:
    """A development environment has all that the portal runs on, so it serves for both locks."""
    if not (place / "bin" / "python").exists():
        return False
    for name in {lock, DEVELOPMENT_LOCK}:
        try:
            if _stamp(place, name).read_text() == lock_hash(project, name):
                return True
        except OSError:
            continue
    return False


@contextmanager
def _alone(place: Path) -> Iterator[None]:
    """One process at a time makes or checks the environment at `place`."""
    try:
        place.parent.mkdir(parents=True, exist_ok=True)
        handle = place.with_name(place.name + ".lock").open("a")
    except OSError as error:
        raise Refusal(
            f"The virtual environment cannot be made in {place.parent} ({error.strerror}): "
            "set PORTAL_VENV to a folder that can be written."
        ) from error
    with handle:
        fcntl.flock(handle, fcntl.LOCK_EX)
        yield


def _make(place: Path, project: Path, lock: str) -> None:
    python = place / "bin" / "python"
    if not python.exists() or not _same_version(python):
        say("Creating the virtual environment")
        _create(place)
    for name in (RUNTIME_LOCK, DEVELOPMENT_LOCK):
        _stamp(place, name).unlink(missing_ok=True)
    _install(python, project / lock)
    _stamp(place, lock).write_text(lock_hash(project, lock))


def _same_version(python: Path) -> bool:
    probe = "import sys; print('%d.%d' % sys.version_info[:2])"
    done = subprocess.run([python, "-c", probe], capture_output=True, text=True, check=False)
    return done.stdout.strip() == f"{sys.version_info.major}.{sys.version_info.minor}"


def _create(place: Path) -> None:
    with_pip = find_spec("ensurepip") is not None
    if not with_pip and shutil.which("uv") is None:
        raise Refusal(
            "This Python cannot install packages (the module ensurepip is missing): "
            "install your system's python3-venv, or uv."
        )
    try:
        venv.EnvBuilder(clear=True, with_pip=with_pip, symlinks=True).create(place)
    except subprocess.CalledProcessError as error:
        raise Refusal(
            "This Python cannot install packages (ensurepip failed): install your system's python3-venv."
        ) from error
    except OSError as error:
        raise Refusal(f"The virtual environment cannot be made in {place}: {error.strerror}.") from error


def _install(python: Path, lock: Path) -> None:
    count = sum(1 for line in lock.read_text().splitlines() if "==" in line)
    pip = [str(python), "-m", "pip"]
    quick = _uv(python, pip)
    if quick is not None:
        say(f"Installing {count} packages")
        command = [quick, "pip", "install", "--quiet", "--python", str(python), "--require-hashes"]
        command += [*_kinds(lock), "--compile-bytecode", "--link-mode", "copy", "-r", str(lock)]
        done = subprocess.run(command, capture_output=True, text=True, env=_uv_environment(pip), check=False)
        if done.returncode == 0:
            return
        say("The quick installer did not manage; trying pip")
    say(f"Installing {count} packages with pip, which takes about half a minute")
    command = [*pip, "install", "--quiet", "--require-hashes", *_kinds(lock), "-r", str(lock)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    if done.returncode != 0:
        raise Refusal(f"The packages in {lock.name} could not be installed: {_reason(done.stderr)}")


def _kinds(lock: Path) -> list[str]:
    """Built packages alone, save those that come as source only; the portal itself needs none of these."""
    text = lock.read_text()
    sources = [name for name in _SOURCE_ONLY if f"\n{name}==" in text]
    return ["--only-binary", ":all:", *(part for name in sources for part in ("--no-binary", name))]


def _uv(python: Path, pip: list[str]) -> str | None:
    """The quick installer: the one on this machine, or one fetched into the environment."""
    found = shutil.which("uv")
    if found is not None:
        return found
    own = python.with_name("uv")
    if not own.exists():
        say("Fetching the installer")
        command = [*pip, "install", "--quiet", "--require-hashes", "--only-binary", ":all:"]
        subprocess.run([*command, "-r", str(_INSTALLER)], capture_output=True, check=False)
    return str(own) if own.exists() else None


def _uv_environment(pip: list[str]) -> dict[str, str]:
    """uv asks the same places as pip does: a closed network configures pip alone."""
    listed = subprocess.run([*pip, "config", "list"], capture_output=True, text=True, check=False).stdout
    known: dict[str, str] = {}
    for line in listed.splitlines():
        name, _, value = line.partition("=")
        known.setdefault(name.removeprefix(":env:.").rpartition(".")[2], value.strip("'\""))
    environment = {**os.environ, "UV_HTTP_TIMEOUT": "60", "UV_NO_PROGRESS": "1", "UV_NO_CONFIG": "1"}
    # SECURITY: every place may answer, as with pip; the hashes decide what is taken.
    environment["UV_INDEX_STRATEGY"] = "unsafe-best-match"
    for option, variable, join in (
        ("index-url", "UV_INDEX_URL", " "),
        ("extra-index-url", "UV_EXTRA_INDEX_URL", " "),
        ("find-links", "UV_FIND_LINKS", ","),
        ("cert", "SSL_CERT_FILE", " "),
    ):
        if option in known:
            environment.setdefault(variable, join.join(known[option].replace("\\n", " ").split()))
    return environment


def _reason(output: str) -> str:
    lines = [line.strip() for line in output.splitlines() if line.strip()]
    if any("No space left on device" in line for line in lines):
        return "the disk is full."
    telling = [line for line in lines if line.upper().startswith("ERROR")]
    return (telling or lines or ["no reason given"])[-1].removeprefix("ERROR: ").rstrip(".") + "."
