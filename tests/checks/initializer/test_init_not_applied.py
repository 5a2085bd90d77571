import torch
from torch import nn

RULE = "init-not-applied"
UNTOUCHED = -7.0


def experiment(init, view):
    base = torch.full((64, 48), UNTOUCHED)
    init(view(base))
    inside = torch.zeros_like(base, dtype=torch.bool)
    view(inside).fill_(True)
    return {"view": view(base), "inside": base[inside], "outside": base[~inside]}


def test_init_that_reaches_the_view_passes(ask) -> None:
    for view in (lambda t: t[:, ::2], lambda t: t.t(), lambda t: t[3:-3, 3:-3]):
        evidence = ask(RULE, experiment(nn.init.normal_, view), "view", facts={"untouched": UNTOUCHED})
        assert [e.holds for e in evidence] == [True, True]
        assert [e.part for e in evidence] == [" inside", " outside"]


def test_init_of_a_dropped_copy_is_caught(ask) -> None:
    lost = experiment(lambda t: nn.init.normal_(t.clone()), lambda t: t[:, ::2])
    inside, outside = ask(RULE, lost, "view", facts={"untouched": UNTOUCHED})
    assert inside.holds is False
    assert inside.measured == inside.n == 64 * 24
    assert outside.holds


def test_one_element_missed_and_one_overwritten(ask) -> None:
    value = experiment(nn.init.normal_, lambda t: t[:, ::2])
    value["inside"][5] = UNTOUCHED
    value["outside"][9] = float("nan")
    inside, outside = ask(RULE, value, "view", facts={"untouched": UNTOUCHED})
    assert (inside.holds, inside.measured) == (False, 1)
    assert (outside.holds, outside.measured) == (False, 1)
