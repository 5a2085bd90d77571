"""The line to type to run the same thing again."""

from __future__ import annotations

import shlex


def command_line(command: str, *positional: str, **flags: object) -> str:
    """``embcheck init-stats --device cpu --seed 0``: None, False and empty flags are left out, lists are repeated.

    Args:
        command: the subcommand.
        positional: its arguments.
        flags: by Python name; a tuple of integers is a shape and joined by commas.
    """
    words = ["embcheck", command, *positional]
    for name, value in flags.items():
        flag = f"--{name.replace('_', '-')}"
        if value is None or value is False or value in ((), []):
            continue
        if value is True:
            words.append(flag)
        elif isinstance(value, (list, tuple)) and all(isinstance(v, int) for v in value):
            words += [flag, ",".join(map(str, value))]
        elif isinstance(value, (list, tuple)):
            words += [word for item in value for word in (flag, str(item))]
        elif isinstance(value, float):
            words += [flag, f"{value:g}"]
        else:
            words += [flag, str(value)]
    return shlex.join(words)
