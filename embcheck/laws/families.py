"""Every family of laws, in one place to import from."""

from embcheck.laws.continuous import Normal, Uniform
from embcheck.laws.exact import Constant, Dirac, Eye, Given
from embcheck.laws.structured import Any, Orthogonal, Padded, Sparse, Uninitialised, Within
from embcheck.laws.truncated import TruncatedNormal

__all__ = [
    "Any",
    "Constant",
    "Dirac",
    "Eye",
    "Given",
    "Normal",
    "Orthogonal",
    "Padded",
    "Sparse",
    "TruncatedNormal",
    "Uniform",
    "Uninitialised",
    "Within",
]
