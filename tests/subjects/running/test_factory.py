"""Factories that misbehave give one sentence; building again shows what one build cannot."""

from __future__ import annotations

import os
import sys

import pytest
import torch
from torch import nn

from embcheck.errors import UsageError
from embcheck.subjects.running.builds import rebuild, taken
from embcheck.subjects.running.factory import build


def recurse() -> nn.Module:
    return recurse()


def raising() -> nn.Module:
    raise KeyError("width")


async def coroutine() -> nn.Module:
    return nn.Linear(2, 2)


def generator():
    yield nn.Linear(2, 2)


class Weird(BaseException):
    """No Exception: a bare `except Exception` lets it through."""


def weird() -> nn.Module:
    raise Weird("really")


def quits() -> nn.Module:
    raise GeneratorExit


class Bare(nn.Module):
    def __init__(self) -> None:
        pass


class Cyclic(nn.Module):
    def __init__(self) -> None:
        super().__init__()
        self.lin = nn.Linear(2, 2)
        self.lin.parent = self


@pytest.mark.parametrize(
    ("factory", "said"),
    [
        (lambda: sys.exit(3), "sys.exit(3)"),
        (lambda: sys.exit(), "sys.exit"),
        (raising, "KeyError"),
        (recurse, "without end"),
        (lambda: None, "None"),
        (lambda: raising, "another function"),
        (lambda: 7, "int"),
        (dict, "dict"),
        (weird, "Weird"),
        (quits, "GeneratorExit"),
        (coroutine, "plain function"),
        (generator, "a generator"),
        (lambda: nn.Linear, "the class Linear"),
        (lambda: [nn.Linear(2, 2)], "ModuleList"),
        (lambda: {"gen": nn.Linear(2, 2), "critic": nn.Linear(2, 2)}, "ModuleDict"),
        (lambda: ("tokenizer", nn.Linear(2, 2)), "return the model alone"),
        (lambda: {"model": nn.Linear(2, 2), "config": 3}, "return the model alone"),
        (lambda: iter([nn.Linear(2, 2)]), "do not yield it"),
        (lambda: torch.empty(1 << 50), "more memory"),
    ],
)
def test_what_returns_no_model_is_refused(factory, said) -> None:
    with pytest.raises(UsageError) as caught:
        build(factory, 0)
    assert said in str(caught.value)
    assert "\n" not in str(caught.value)


def test_module_that_contains_itself_is_refused() -> None:
    from embcheck.commands.audit import audit

    with pytest.raises(UsageError, match="contains itself"):
        audit(Cyclic)


def test_an_interrupt_is_the_users_own() -> None:
    def interrupted() -> nn.Module:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        build(interrupted, 0)


def test_module_made_without_its_constructor_is_refused() -> None:
    from embcheck.commands.audit import audit

    with pytest.raises(UsageError, match=r"Bare was made without nn\.Module\.__init__"):
        audit(Bare)


def test_keys_of_a_mapping_need_be_no_strings() -> None:
    made = build(
        lambda: {5: torch.ones(2), "5": torch.zeros(3), ("t", 1): torch.ones(1), "in": {"w": torch.ones(4)}}, 0
    )
    assert {n: t.numel() for n, t in made.items()} == {"5": 2, "'5'": 3, "('t', 1)": 1, "in.w": 4}


def test_what_it_prints_goes_to_stderr(capfd) -> None:
    def chatty() -> nn.Module:
        print("from python")
        os.write(1, b"from below\n")
        return nn.Linear(2, 2)

    build(chatty, 0)
    out, err = capfd.readouterr()
    assert out == ""
    assert "from python" in err and "from below" in err


def test_forked_child_does_not_go_on(tmp_path) -> None:
    seen = tmp_path / "pids"

    def forks() -> nn.Module:
        os.fork()
        return nn.Linear(2, 2)

    build(forks, 0)
    with seen.open("a") as file:
        file.write(f"{os.getpid()}\n")
    os.wait()
    assert seen.read_text().count("\n") == 1


def test_same_seed_same_weights_other_seed_others() -> None:
    first = build(lambda: nn.Linear(8, 8), 4)
    found = rebuild(lambda: nn.Linear(8, 8), taken(first), 4)
    assert not found.unequal and not found.same and not found.unfilled and not found.skipped
    assert found.compared == 2


def test_poison_shows_what_nobody_fills_and_spares_own_nan() -> None:
    class Net(nn.Module):
        def __init__(self) -> None:
            super().__init__()
            self.unfilled = nn.Parameter(torch.empty(4, 4))
            self.partly = nn.Parameter(torch.empty(4, 4))
            with torch.no_grad():
                self.partly[:2] = 0.5
            self.own = nn.Parameter(torch.full((3,), float("nan")))
            self.register_buffer("lost", torch.empty(5), persistent=False)

    first = build(Net, 0)
    with torch.no_grad():  # what memory held must not decide the test
        first.unfilled.zero_(), first.partly.zero_(), first.lost.zero_()
    found = rebuild(Net, taken(first), 0).unfilled
    assert found.pop("own", 1.0) == 1.0
    assert found == {"unfilled": 1.0, "partly": 0.5, "lost": 1.0}


def test_the_process_is_left_as_it_was() -> None:
    torch.manual_seed(11)
    expected = torch.rand(3)
    torch.manual_seed(11)
    from embcheck.commands.audit import audit

    audit(lambda: nn.Linear(8, 8))
    assert torch.equal(torch.rand(3), expected)
    assert not torch.are_deterministic_algorithms_enabled()
