"""What a report says about where it was made."""

from __future__ import annotations

import platform
from importlib.metadata import PackageNotFoundError, version


def environment(device: str, **more: str) -> dict[str, str]:
    """Versions of what the numbers depend on, and the device; read from package metadata: nothing is imported."""
    versions = {name: _version(name) for name in ("torch", "numpy", "scipy")}
    return {"python": platform.python_version(), **versions, "device": device, **more}


def _version(package: str) -> str:
    try:
        return version(package)
    except PackageNotFoundError:  # run from a source tree, or a vendored build without metadata
        return "unknown"
