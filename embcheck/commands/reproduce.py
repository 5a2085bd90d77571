"""The line to type to run the same thing again."""

from __future__ import annotations

import shlex


def command_line(command: str, *positional: str, **flags: object) -> str:
    """``embcheck init-stats --device cpu --seed 0``: None, False and empty flags are left out, lists are repeated.

    Args:
        command: the subcommand.
        positional: its arguments.
        flags: by Python name; integers in a row are a shape and joined by commas.
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
            words += [word for item in value for word in (flag, _text(item))]
        else:
            words += [flag, _text(value)]
    return shlex.join(words)


def repeated(value: object) -> object:
    """A list for `command_line` whose flag is repeated for each member, numbers too; a single value as it is."""
    return [_text(v) for v in value] if isinstance(value, (list, tuple)) else value


def _text(value: object) -> str:
    """A number with all its digits, and none that say nothing."""
    return str(value).removesuffix(".0") if isinstance(value, float) else str(value)
