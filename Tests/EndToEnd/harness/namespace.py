"""What a test needs that runs in a network and mount namespace of its own."""
from __future__ import annotations

import ctypes
import fcntl
import json
import os
import shutil
import socket
import struct
import subprocess
import sys
from pathlib import Path

import pytest


def require_namespaces() -> None:
    """Skips where this user may not make them."""
    if os.geteuid() == 0 and shutil.which("unshare"):
        if subprocess.run(["unshare", "-n", "-m", "true"], capture_output=True).returncode == 0:
            return
    pytest.skip("no right to make a network namespace")


def report_from_inside(script: str, *arguments: str | Path, timeout: float = 180) -> dict:
    """Runs a script of this folder in namespaces of its own; returns the report that it prints."""
    require_namespaces()
    inside = Path(__file__).parent / script
    result = subprocess.run(
        ["unshare", "-n", "-m", sys.executable, str(inside), *map(str, arguments)],
        capture_output=True, text=True, timeout=timeout)
    assert result.returncode == 0, result.stdout + result.stderr
    return json.loads(result.stdout.splitlines()[-1])


def loopback(addresses: list[str]) -> None:
    """Brings the loopback interface up and gives it more IPv4 addresses."""
    control = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
    fcntl.ioctl(control, 0x8914, struct.pack("16sh14x", b"lo", 0x1 | 0x8 | 0x40))  # SIOCSIFFLAGS
    for number, address in enumerate(addresses):
        request = struct.pack("16sH2x4s8x", f"lo:{number}".encode(), socket.AF_INET,
                              socket.inet_aton(address))
        fcntl.ioctl(control, 0x8916, request)  # SIOCSIFADDR


def black_hole(network: str, mask: str) -> None:
    """Has packets to a network vanish: they are sent on the loopback interface and are nobody's."""
    control = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)

    def address(text: str) -> bytes:
        return struct.pack("HH4s8x", socket.AF_INET, 0, socket.inet_aton(text))

    device = ctypes.create_string_buffer(b"lo")
    # struct rtentry of linux/route.h; RTF_UP.
    entry = struct.pack("L16s16s16sHh4xLPh6xPLLH6x", 0, address(network), address("0.0.0.0"),
                        address(mask), 0x1, 0, 0, 0, 0, ctypes.addressof(device), 0, 0, 0)
    fcntl.ioctl(control, 0x890B, entry)  # SIOCADDRT


def bind(folder: Path, name: str, text: str) -> None:
    """Puts a file of the test in the place of one in `/etc`."""
    file = folder / name
    file.write_text(text)
    target = Path("/etc") / name
    if not target.exists():
        target.touch()
    subprocess.run(["mount", "--bind", str(file), str(target)], check=True)
