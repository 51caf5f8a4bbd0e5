"""Starting child processes so that none outlives the process that started it.

Here: the account a server runs under, spawning, stopping, and the watchdog's other end.
Not here: what the servers are and how they are configured.
"""

from __future__ import annotations

import contextlib
import ctypes
import os
import pwd
import signal
import stat
import subprocess
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import IO

from cimic_portal.bootstrap.refusal import Refusal

_CAP_DAC_OVERRIDE = 1
_PR_SET_SECUREBITS = 28
_SECBIT_NO_SETUID_FIXUP = 4
_PR_CAP_AMBIENT = 47
_PR_CAP_AMBIENT_RAISE = 2
_CAPABILITY_VERSION_3 = 0x20080522


def server_account() -> pwd.struct_passwd | None:
    """The account for a server that refuses to run as root, or None when we are not root."""
    return pwd.getpwnam("nobody") if os.geteuid() == 0 else None


def open_to_others(path: Path) -> bool:
    """True if an account other than the owner may enter every folder above `path` and read `path`."""
    for folder in path.resolve().parents:
        if not folder.stat().st_mode & stat.S_IXOTH:
            return False
    return not path.exists() or bool(path.stat().st_mode & stat.S_IROTH)


def drop_to(account: pwd.struct_passwd) -> Callable[[], None]:
    """What a child runs before it becomes a server: leave root for `account`, still reading root's folders.

    SECURITY: the one capability kept (CAP_DAC_OVERRIDE) is less than what root had. It is needed where the
    project lies in a folder closed to other accounts, such as /root.
    """
    if not sys.platform.startswith("linux"):
        raise Refusal(
            "PostgreSQL does not run as root and this folder is closed to other accounts: "
            "run the portal as an ordinary user."
        )
    libc = ctypes.CDLL(None, use_errno=True)
    header = (ctypes.c_uint32 * 2)(_CAPABILITY_VERSION_3, 0)
    mask = 1 << _CAP_DAC_OVERRIDE
    data = (ctypes.c_uint32 * 6)(mask, mask, mask, 0, 0, 0)

    def before_exec() -> None:
        # WHY: without this bit access(2), which initdb asks, leaves the capability out of account.
        libc.prctl(_PR_SET_SECUREBITS, _SECBIT_NO_SETUID_FIXUP, 0, 0, 0)
        os.setgroups([])
        os.setgid(account.pw_gid)
        os.setuid(account.pw_uid)
        if libc.capset(header, data) == 0:
            libc.prctl(_PR_CAP_AMBIENT, _PR_CAP_AMBIENT_RAISE, _CAP_DAC_OVERRIDE, 0, 0)

    return before_exec


def spawn(
    command: Sequence[str | Path],
    *,
    log: IO[bytes] | int,
    env: Mapping[str, str] | None = None,
    cwd: str | Path = "/",
    account: pwd.struct_passwd | None = None,
    paths: Sequence[Path] = (),
) -> subprocess.Popen[bytes]:
    """Start `command` at the head of its own process group, writing to `log`.

    With `account` it leaves root for that account; `paths` are the folders it must be able to read.
    """
    words = [str(word) for word in command]
    stdin, session = subprocess.DEVNULL, True
    if account is None:
        return subprocess.Popen(
            words, stdin=stdin, stdout=log, stderr=log, env=env, cwd=cwd, start_new_session=session
        )
    if all(open_to_others(path) for path in paths):
        return subprocess.Popen(
            words,
            stdin=stdin,
            stdout=log,
            stderr=log,
            env=env,
            cwd=cwd,
            start_new_session=session,
            user=account.pw_uid,
            group=account.pw_gid,
            extra_groups=[],
        )
    return subprocess.Popen(
        words,
        stdin=stdin,
        stdout=log,
        stderr=log,
        env=env,
        cwd=cwd,
        start_new_session=session,
        preexec_fn=drop_to(account),
    )


def stop(process: subprocess.Popen[bytes], *, gently: int = signal.SIGTERM, seconds: float = 10) -> None:
    """Ask `process` to end, and end its whole group by force after `seconds`."""
    if process.poll() is None:
        process.send_signal(gently)
        with contextlib.suppress(subprocess.TimeoutExpired):
            process.wait(seconds)
    end_group(process.pid, signal.SIGKILL)
    process.wait()


def end_group(group: int, how: int) -> bool:
    """Send `how` to a process group. False if nobody is left in it."""
    try:
        os.killpg(group, how)
    except (ProcessLookupError, PermissionError):
        return False
    return True


def alive(pid: int) -> bool:
    """True if a process of that id exists, whoever owns it."""
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return True


def command_line(pid: int) -> str:
    """The command line of a live process, or an empty text when it cannot be read."""
    try:
        return Path(f"/proc/{pid}/cmdline").read_bytes().replace(b"\0", b" ").decode(errors="replace")
    except OSError:
        done = subprocess.run(
            ["ps", "-ww", "-o", "command=", "-p", str(pid)], capture_output=True, text=True, check=False
        )
        return done.stdout


class Watchdog:
    """A small process that ends ours when this one dies without a chance to (kill -9, crash).

    WHY: it reads a pipe whose other end only this process holds, so it works alike on Linux and macOS,
    and it ends whole process groups, so that pool children and database backends go too.
    """

    def __init__(self, *, hold: Sequence[int] = ()) -> None:
        """`hold` are open files, such as a lock, that stay held until the watchdog has done its work."""
        script = Path(__file__).with_name("watchdog.py")
        self._process = subprocess.Popen(
            [sys.executable, "-I", "-S", str(script)],
            stdin=subprocess.PIPE,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            start_new_session=True,
            cwd="/",
            pass_fds=tuple(hold),
        )

    def _say(self, line: str) -> None:
        pipe = self._process.stdin
        if pipe is not None and self._process.poll() is None:
            pipe.write(line.encode() + b"\n")
            pipe.flush()

    def watch(
        self, process: subprocess.Popen[bytes], *, gently: int = signal.SIGTERM, order: int = 0
    ) -> None:
        """End this process's group when we die; groups of a lower `order` go first."""
        self._say(f"watch {process.pid} {int(gently)} {order}")

    def forget(self, process: subprocess.Popen[bytes]) -> None:
        """This process has ended; its id may be given to another."""
        self._say(f"forget {process.pid}")

    def sweep(self, folder: Path) -> None:
        """Remove this temporary folder when we die."""
        self._say(f"sweep {folder}")

    def close(self) -> None:
        """Let the watchdog go; it ends whatever it still watches."""
        if self._process.stdin is not None:
            self._process.stdin.close()
        self._process.wait(30)


def wait_until(ready: Callable[[], bool], *, seconds: float, every: float = 0.02) -> bool:
    """Ask `ready` again and again for at most `seconds`; its last answer."""
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        if ready():
            return True
        time.sleep(every)
    return ready()
