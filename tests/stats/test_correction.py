import pytest
from hypothesis import given
from hypothesis import strategies as st

from embcheck.stats.correction import holm


def test_worked_example() -> None:
    # Holm 1979, by hand: 0.01*4, max(0.04, 0.02*3), max(.., 0.03*2), max(.., 0.04*1)
    assert holm([0.04, 0.01, 0.03, 0.02]) == pytest.approx([0.06, 0.04, 0.06, 0.06])


def test_empty_and_single() -> None:
    assert holm([]) == []
    assert holm([0.3]) == [0.3]


@given(st.lists(st.floats(0, 1), min_size=1, max_size=40), st.floats(1e-4, 0.5))
def test_rejects_what_the_step_down_procedure_rejects(p_values, alpha) -> None:
    rejected = set()
    for step, i in enumerate(sorted(range(len(p_values)), key=p_values.__getitem__)):
        if p_values[i] * (len(p_values) - step) > alpha:
            break
        rejected.add(i)
    assert {i for i, p in enumerate(holm(p_values)) if p <= alpha} == rejected
