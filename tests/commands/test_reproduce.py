import shlex

from embcheck.commands.reproduce import command_line, repeated


def test_flags_are_spelled_as_typed() -> None:
    line = command_line(
        "init-stats", device="cpu", seed=0, alpha=1e-3, shape=(3, 4), init=("normal", "eye"), gain=None, exit_zero=False
    )
    assert line == "embcheck init-stats --device cpu --seed 0 --alpha 0.001 --shape 3,4 --init normal --init eye"


def test_hostile_target_is_one_word() -> None:
    assert shlex.split(command_line("audit", "a b; rm -rf $HOME"))[2] == "a b; rm -rf $HOME"


def test_numbers_keep_their_digits() -> None:
    gain = 2**0.5
    words = shlex.split(command_line("variance-sweep", gain=repeated([gain, 1.0]), limit=6.0))
    assert words[2:] == ["--gain", repr(gain), "--gain", "1", "--limit", "6"]
