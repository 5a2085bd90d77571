"""One pass over a tensor against numpy on the same values, for every dtype, stride, layout and way to cut it up."""

from __future__ import annotations

import math
import pickle
import warnings
from functools import reduce
from itertools import pairwise
from operator import add

import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st

from embcheck.errors import Unsupported
from embcheck.stats import distinct
from embcheck.stats.summary import Summary, summarize, summarize_parts

FLOATS = [torch.float64, torch.float32, torch.float16, torch.bfloat16, torch.float8_e4m3fn, torch.float8_e5m2]
INTEGERS = [torch.int8, torch.uint8, torch.int16, torch.int32, torch.int64, torch.bool]

# bit patterns that matter: ±0, subnormal, smallest normal, ordinary, largest, ±inf, NaN
special_values = st.sampled_from(
    [0.0, -0.0, 1e-45, -1e-45, 1e-40, 1.17549435e-38, 1.0, -1.0, 0.02, 3.4e38, -3.4e38, math.inf, -math.inf, math.nan]
)
values32 = st.one_of(special_values, st.floats(width=32))
lists32 = st.lists(values32, max_size=40)


def expected(x: np.ndarray, tiny: float) -> dict[str, float]:
    finite = x[np.isfinite(x)]
    some = finite.size > 0
    return {
        "n": x.size,
        "finite": finite.size,
        "nan": int(np.isnan(x).sum()),
        "posinf": int(np.isposinf(x).sum()),
        "neginf": int(np.isneginf(x).sum()),
        "zero": int((finite == 0).sum()),
        "subnormal": int(((finite != 0) & (np.abs(finite) < tiny)).sum()),
        "min": finite.min() if some else math.nan,
        "max": finite.max() if some else math.nan,
        "distinct": np.unique(finite).size,
    }


def moments(x: np.ndarray) -> tuple[float, float]:
    """Mean and population standard deviation with exactly rounded sums."""
    finite = [float(v) for v in x[np.isfinite(x)]]
    if not finite:
        return math.nan, math.nan
    scale = max(abs(v) for v in finite) or 1.0
    mean = math.fsum(v / scale for v in finite) / len(finite)
    return mean * scale, math.sqrt(math.fsum((v / scale - mean) ** 2 for v in finite) / len(finite)) * scale


def assert_is_of(s: Summary, x: np.ndarray, tiny: float) -> None:
    for name, value in expected(x, tiny).items():
        got = getattr(s, name)
        assert got == value or (math.isnan(got) and math.isnan(value)), name
    mean, std = moments(x)
    scale = max(abs(s.min), abs(s.max)) if s.finite else 1.0
    assert s.mean == pytest.approx(mean, rel=1e-15, abs=scale * 1e-15, nan_ok=True)
    assert s.std == pytest.approx(std, rel=1e-13, abs=scale * 3e-16, nan_ok=True)
    assert s.counts.sum() == s.n
    assert (np.diff(s.cells) > 0).all()
    assert (s.counts > 0).all()


def assert_same(a: Summary, b: Summary, rel: float = 2e-15) -> None:
    for name in ("dtype", "n", "finite", "nan", "posinf", "neginf", "zero", "subnormal", "distinct"):
        assert getattr(a, name) == getattr(b, name), name
    for name in ("min", "max"):
        assert getattr(a, name) == pytest.approx(getattr(b, name), rel=0, nan_ok=True)
    for name in ("mean", "std"):
        assert getattr(a, name) == pytest.approx(getattr(b, name), rel=rel, abs=5e-324, nan_ok=True), name
    assert np.array_equal(a.cells, b.cells)
    assert np.array_equal(a.counts, b.counts)


@given(lists32)
@settings(max_examples=150, deadline=None)
def test_float32_is_what_numpy_finds(values: list[float]) -> None:
    x = np.array(values, dtype=np.float32)
    assert_is_of(summarize(torch.from_numpy(x)), x.astype(np.float64), 2.0**-126)


@given(st.lists(st.floats(), max_size=40))
@settings(max_examples=100, deadline=None)
def test_float64_is_what_numpy_finds(values: list[float]) -> None:
    x = np.array(values, dtype=np.float64)
    assert_is_of(summarize(torch.from_numpy(x)), x, 2.0**-1022)


@pytest.mark.parametrize("dtype", FLOATS, ids=str)
def test_every_bit_pattern_of_a_float(dtype: torch.dtype) -> None:
    if dtype.itemsize > 2:
        x = torch.randn(5000, generator=torch.Generator().manual_seed(0), dtype=dtype)
    else:
        bits = torch.arange(256 if dtype.itemsize == 1 else 65536)
        x = bits.to(torch.uint8).view(dtype) if dtype.itemsize == 1 else bits.to(torch.int16).view(dtype)
    assert_is_of(summarize(x), x.double().numpy(), torch.finfo(dtype).smallest_normal)


@pytest.mark.parametrize("dtype", INTEGERS, ids=str)
def test_integers(dtype: torch.dtype) -> None:
    x = torch.randint(0, 2 if dtype == torch.bool else 100, (777,), generator=torch.Generator().manual_seed(1)).to(
        dtype
    )
    if dtype in (torch.int8, torch.int16, torch.int32, torch.int64):
        x -= 50
    s = summarize(x)
    assert_is_of(s, x.double().numpy(), 0.0)
    assert s.subnormal == 0


@given(lists32, st.lists(st.integers(0, 40), max_size=6), st.randoms())
@settings(max_examples=100, deadline=None)
def test_parts_add_up_in_any_order(values: list[float], cuts: list[int], random) -> None:
    x = torch.tensor(values, dtype=torch.float32)
    edges = sorted({0, len(values), *(c for c in cuts if c < len(values))})
    parts = [x[a:b] for a, b in pairwise(edges)] or [x]
    whole = summarize(x)
    summaries = [summarize(p) for p in parts]
    random.shuffle(summaries)
    left = reduce(add, summaries)
    right = reduce(lambda a, b: b + a, summaries)
    # the same parts in any order: the same bits
    assert_same(left, right, rel=0)
    largest = max(abs(whole.min), abs(whole.max)) if whole.finite else 0.0
    assert left.std == pytest.approx(
        whole.std, rel=1e-13, abs=1e-15 * (abs(whole.max) if whole.finite else 1), nan_ok=True
    )
    assert left.mean == pytest.approx(whole.mean, rel=2e-15, abs=max(2e-15 * largest, 5e-324), nan_ok=True)
    assert left.distinct == whole.distinct
    assert np.array_equal(left.counts, whole.counts)


def test_merging_a_large_tensor_in_any_order_agrees_to_the_last_digits() -> None:
    g = torch.Generator().manual_seed(2)
    x = torch.randn(300_000, generator=g) * 0.02 + 3
    whole = summarize(x)
    sizes = torch.randint(1, 9000, (80,), generator=g).tolist()
    parts, at = [], 0
    for size in sizes:
        parts.append(summarize(x[at : at + size]))
        at += size
    parts.append(summarize(x[at:]))
    order = torch.randperm(len(parts), generator=g).tolist()
    assert_same(reduce(add, [parts[i] for i in order]), whole)
    assert_same(summarize_parts(x.split(7001)), whole)


@pytest.mark.parametrize("dtype", [torch.float32, torch.bfloat16, torch.float64], ids=str)
def test_any_stride(dtype: torch.dtype) -> None:
    x = torch.randn(12, 10, 8, generator=torch.Generator().manual_seed(3)).to(dtype)
    views = [
        x.transpose(0, 2),
        x[::3, 1::2, ::5],
        x.flip(0),
        x[:, 3],
        x[1:2].expand(5, 10, 8),
        x.mT,
        x[0, 0, 0],
        x[:, :0],
    ]
    for view in views:
        s = summarize(view)
        assert_is_of(s, view.double().numpy().ravel(), torch.finfo(dtype).smallest_normal)


def test_a_large_strided_tensor_is_cut_into_pieces() -> None:
    x = torch.randn(1500, 1500, generator=torch.Generator().manual_seed(4))
    view = x[::2, ::2]
    assert_same(summarize(view), summarize(view.contiguous()))
    assert_same(summarize(x.T), summarize(x))


def test_threads_give_the_same_summary_and_are_left_as_they_were() -> None:
    x = torch.randn(3_000_000, generator=torch.Generator().manual_seed(5))
    before = torch.get_num_threads()
    try:
        torch.set_num_threads(1)
        one = summarize(x)
        torch.set_num_threads(3)
        three = summarize(x)
        assert torch.get_num_threads() == 3
    finally:
        torch.set_num_threads(before)
    assert_same(one, three, rel=0)


@pytest.mark.parametrize(
    ("center", "spread"), [(1e6, 1e-3), (-1e12, 1.0), (1.0, 1e-12), (1e300, 1e290), (1e-300, 1e-305), (3e-310, 1e-311)]
)
def test_moments_survive_a_mean_far_from_zero(center: float, spread: float) -> None:
    x = center + spread * np.random.default_rng(6).standard_normal(200_000)
    s = summarize(torch.from_numpy(x))
    mean, std = moments(x)
    assert s.mean == pytest.approx(mean, rel=1e-15)
    # the reference itself loses |mean| / std units in the last place
    assert s.std == pytest.approx(std, rel=1e-14 + 4e-16 * abs(center) / spread)
    shifted = x - center  # exact: the values are within a factor of two of the centre
    if abs(center) > 10 * spread:
        assert s.std == pytest.approx(float(np.std(shifted / spread)) * spread, rel=1e-13)


def test_huge_values_do_not_overflow() -> None:
    s = summarize(torch.tensor([1.7e308, -1.7e308, 1.7e308, 5e-324], dtype=torch.float64))
    assert s.mean == pytest.approx(1.7e308 / 4, rel=1e-15)
    assert s.std == pytest.approx(1.7e308 * math.sqrt(3 / 4 - 1 / 16), rel=1e-14)


def test_distinct_is_exact_until_the_sketch_is_full_and_within_its_error_beyond() -> None:
    g = np.random.default_rng(7)
    few = g.choice(np.arange(1, 12_001, dtype=np.float32), 400_000)
    s = summarize(torch.from_numpy(few))
    assert s.distinct_is_exact
    assert s.distinct == np.unique(few).size
    for levels in (2**16, 2**20):
        many = (g.integers(0, levels, 1_500_000) / levels).astype(np.float32)
        s = summarize(torch.from_numpy(many))
        assert not s.distinct_is_exact
        # six standard deviations of the k smallest hashes
        assert s.distinct == pytest.approx(np.unique(many).size, rel=6 / math.sqrt(distinct.KEPT))
    narrow = torch.from_numpy(g.standard_normal(300_000)).half()
    s = summarize(narrow)
    assert s.distinct_is_exact
    assert s.distinct == np.unique(narrow.numpy()).size


def test_the_estimate_of_distinct_is_unbiased_over_structured_values() -> None:
    # coarse grids, neighbours, multiples: what a poor hash would spread unevenly
    sets = [
        np.arange(1, 200_001),
        np.arange(1, 200_001) * 7,
        np.linspace(1, 2, 200_000),
        np.geomspace(1e-6, 1e6, 200_000),
    ]
    sets += [torch.arange(0x3F800000, 0x3F800000 + 200_000 * 4, 4, dtype=torch.int32).view(torch.float32).numpy()]
    for values in sets:
        x = np.unique(np.asarray(values).astype(np.float32))
        assert summarize(torch.from_numpy(x)).distinct == pytest.approx(x.size, rel=5 / math.sqrt(distinct.KEPT))


def test_sixteen_bit_counts_are_the_whole_distribution() -> None:
    x = (torch.randn(50_000, generator=torch.Generator().manual_seed(8)) * 0.02).bfloat16()
    x[:7] = torch.tensor([0.0, -0.0, -0.0, math.inf, -math.inf, math.nan, 0.0])
    values, counts = summarize(x).values_and_counts()
    finite = x.double().numpy()[np.isfinite(x.double().numpy())]
    want, n = np.unique(finite, return_counts=True)
    assert np.array_equal(values, want)
    assert np.array_equal(counts, n)
    with pytest.raises(TypeError, match="not its values"):
        summarize(torch.ones(3)).values_and_counts()


@pytest.mark.parametrize("dtype", [torch.float32, torch.float64])
def test_cells_bracket_their_values(dtype: torch.dtype) -> None:
    x = torch.randn(20_000, dtype=dtype, generator=torch.Generator().manual_seed(9))
    x[:4] = torch.tensor([0.0, -0.0, 1e-40, -1e-40])
    s = summarize(x)
    at = 0
    ordered = np.sort(x.double().numpy())
    for cell, count in zip(s.cells, s.counts, strict=True):
        inside = ordered[at : at + count]
        assert s.grid.lowest[cell] <= inside[0]
        assert inside[-1] <= s.grid.highest[cell]
        at += count
    assert at == s.n


def test_complex_quantized_sparse_and_lazy_bits() -> None:
    g = torch.Generator().manual_seed(10)
    z = torch.randn(50, dtype=torch.complex64, generator=g)
    both = torch.view_as_real(z).numpy().ravel().astype(np.float64)
    assert_is_of(summarize(z), both, 2.0**-126)
    assert_is_of(
        summarize(z.conj()), torch.view_as_real(z.conj().resolve_conj()).numpy().ravel().astype(float), 2.0**-126
    )
    assert_is_of(summarize(torch._neg_view(z.real)), -z.real.double().numpy(), 2.0**-126)
    dense = torch.eye(6) * 3
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # beta features of torch
        sparse = [dense.to_sparse(), dense.to_sparse_csr(), torch.stack([dense.to_sparse()] * 2)]
        uncoalesced = torch.sparse_coo_tensor([[0, 0, 3]], [1.0, 2.0, -1.0], (5,))
        quantized = torch.quantize_per_tensor(torch.randn(100, generator=g), 0.1, 0, torch.qint8)
    for t in sparse:
        assert_is_of(summarize(t), t.to_dense().double().numpy().ravel(), 2.0**-126)
    assert_is_of(summarize(quantized), quantized.dequantize().double().numpy(), 2.0**-126)
    assert summarize(uncoalesced).max == 3


def test_what_has_no_values_is_unsupported_and_says_why() -> None:
    with pytest.raises(Unsupported, match="meta"):
        summarize(torch.empty(3, device="meta"))
    with pytest.raises(Unsupported, match="lazy"):
        summarize(torch.nn.LazyLinear(4).weight)
    from torch._subclasses.fake_tensor import FakeTensorMode

    with FakeTensorMode() as mode:
        fake = torch.empty(3)
    with pytest.raises(Unsupported):
        summarize(fake)
    assert mode is not None


def test_parameters_keep_their_gradient_and_inference_tensors_work() -> None:
    weight = torch.nn.Parameter(torch.randn(5, 4))
    summarize(weight)
    assert weight.requires_grad
    assert weight.grad is None
    with torch.inference_mode():
        assert summarize(torch.ones(3) * 2).mean == 2


def test_the_default_device_and_dtype_do_not_matter() -> None:
    x = torch.randn(1000)
    torch.set_default_dtype(torch.float64)
    try:
        with torch.device("meta"):
            s = summarize(x)
    finally:
        torch.set_default_dtype(torch.float32)
    assert s.mean == pytest.approx(float(x.double().mean()), rel=1e-12)


def test_different_dtypes_do_not_add_up() -> None:
    with pytest.raises(TypeError, match="do not add up"):
        summarize(torch.ones(2)) + summarize(torch.ones(2, dtype=torch.float64))
    with pytest.raises(ValueError, match="No tensor"):
        summarize_parts([])


@pytest.mark.cuda
@pytest.mark.skipif(not torch.cuda.is_available(), reason="no CUDA device")
@pytest.mark.parametrize("dtype", FLOATS, ids=str)
def test_cuda_agrees_with_the_host(dtype: torch.dtype) -> None:
    x = torch.randn(100_000, generator=torch.Generator().manual_seed(11)).to(dtype)
    x[:3] = torch.tensor([0.0, math.nan, -0.0])
    assert_same(summarize(x.cuda()), summarize(x))


def test_a_summary_travels_between_processes() -> None:
    s = summarize(torch.randn(40_000, generator=torch.Generator().manual_seed(12)))
    assert_same(pickle.loads(pickle.dumps(s)), s, rel=0)
    assert len(pickle.dumps(s)) < 300_000
