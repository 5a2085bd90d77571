"""Assembles the commands, and turns whatever happens into an exit code and at most one sentence."""

from __future__ import annotations

import errno
import gc
import importlib
import os
import sys
from pathlib import Path
from typing import Annotated, NoReturn

import typer

from embcheck import __version__
from embcheck.errors import UsageError
from embcheck.results import ExitCode

# modules of this package that offer `register(app)`, in the order of `embcheck --help`
COMMANDS = ("init_stats", "variance_sweep", "conversions", "audit", "compare", "rules", "explain", "convert")

app = typer.Typer(
    name="embcheck",
    help="Finds silent initialization bugs in PyTorch models, and gates CI on them.",
    # plain help: it starts faster, fits every width and needs no character beyond ASCII
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
    epilog="Exit codes: 0 all hold, 1 failures, 2 bad flags, configuration or target, 3 a crash.",
)


def _version(asked: bool) -> None:
    if asked:
        typer.echo(f"embcheck {__version__}")
        raise typer.Exit


@app.callback(invoke_without_command=True)
def embcheck(
    context: typer.Context,
    version: Annotated[  # noqa: ARG001 - the callback acts
        bool, typer.Option("--version", callback=_version, is_eager=True, help="Print the version and exit.")
    ] = False,
) -> None:
    """Finds silent initialization bugs in PyTorch models, and gates CI on them."""
    if context.invoked_subcommand is None:
        typer.echo(context.get_help(), err=True)
        raise typer.Exit(int(ExitCode.USAGE))


for _name in COMMANDS:
    importlib.import_module(f"embcheck.cli.{_name}").register(app)


def main(arguments: list[str] | None = None) -> NoReturn:
    """Run the command line and leave the process with 0, 1, 2, 3 or 130 (interrupted)."""
    given = sys.argv[1:] if arguments is None else arguments
    _stand_in()
    try:
        code = _run(given)
        sys.stdout.flush()
    except BrokenPipeError:
        # the reader has seen enough (`| head`); let nothing complain when the interpreter flushes
        code = int(ExitCode.OK)
        _abandon_stdout()
    except OSError as error:
        code = _unwritten(error)
    gc.freeze()  # or the interpreter's last collection walks a million objects of torch, for 0.3 s
    sys.exit(code)


def _run(arguments: list[str]) -> int:
    try:
        return int(app(arguments, prog_name="embcheck", standalone_mode=False, terminal_width=_help_width()) or 0)
    except UsageError as error:
        if error.__cause__ is not None and _wants_traceback(arguments):
            _say_traceback(error.__cause__)
        return _refuse(str(error))
    except (KeyboardInterrupt, typer.Abort):
        return 130
    except BrokenPipeError:
        raise
    except Exception as error:  # noqa: BLE001 - a crash must not read as "failures"
        if hasattr(error, "format_message"):  # the parser's own: click's before typer 0.26, typer's since
            where = getattr(getattr(error, "ctx", None), "command_path", "embcheck")
            said = error.format_message()
            return _refuse(f"{said if said.endswith(('.', '?')) else said + '.'} See `{where} --help`.")
        if isinstance(error, OSError) and error.errno in _FULL and error.filename is None:
            return _unwritten(error)
        if isinstance(error, FileNotFoundError) and not _has_directory():
            return _refuse("The working directory does not exist any more: change to another one.")
        return _crash(error, arguments)


_FULL = frozenset({errno.ENOSPC, errno.EDQUOT, errno.EFBIG, errno.EIO})
"""What a write to a stream fails with where it is not the reader who left."""


def _stand_in() -> None:
    """A stream that the shell closed (`>&-`) takes what is written to it, and keeps nothing."""
    for name in ("stdout", "stderr"):
        if getattr(sys, name) is None:
            setattr(sys, name, Path(os.devnull).open("w", encoding="utf-8"))  # noqa: SIM115 - for the rest of the process


def _unwritten(error: OSError) -> int:
    """The report could not be printed: a full disk behind stdout, say."""
    _abandon_stdout()
    return _refuse(f"Cannot write to stdout: {error.strerror or error}.")


def _abandon_stdout() -> None:
    from embcheck.cli.streams import abandon_stdout

    abandon_stdout()


def _has_directory() -> bool:
    try:
        Path.cwd()
    except FileNotFoundError:
        return False
    return True


def _refuse(sentence: str) -> int:
    from embcheck.cli.streams import say
    from embcheck.reporters.names import visible

    say(f"embcheck: {visible(sentence)}")
    return int(ExitCode.USAGE)


def _crash(error: Exception, arguments: list[str]) -> int:
    from embcheck.cli.streams import say
    from embcheck.reporters.names import visible

    if _wants_traceback(arguments):
        _say_traceback(error)
    say(f"embcheck crashed: {type(error).__name__}: {visible(str(error))} (-vv shows where; please report it)")
    return int(ExitCode.CRASH)


def _say_traceback(error: BaseException) -> None:
    import traceback

    from embcheck.cli.streams import say
    from embcheck.reporters.names import visible

    for line in "".join(traceback.format_exception(error)).splitlines():
        say(visible(line))


def _wants_traceback(arguments: list[str]) -> bool:
    """-vv, or two of -v and --verbose; read here because a crash may come before the flags are parsed."""
    short = sum(a.count("v") for a in arguments if a.startswith("-v") and not a.startswith("--"))
    return short + arguments.count("--verbose") >= 2


def _help_width() -> int:
    import shutil

    return max(20, min(100, shutil.get_terminal_size().columns - 1))
