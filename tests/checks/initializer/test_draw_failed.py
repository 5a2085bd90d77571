from embcheck.results import Skip

RULE = "draw-failed"


def test_unsupported_is_skipped_with_torchs_reason(ask) -> None:
    error = NotImplementedError("\"normal_kernel_cpu\" not implemented for 'Float8_e4m3fn'\nmore")
    (skip,) = ask(RULE, error, "unsupported", dtype="float8_e4m3fn", device="cpu")
    assert isinstance(skip, Skip)
    assert skip.reason.startswith("not supported for float8_e4m3fn on cpu: NotImplementedError")
    assert "more" not in skip.reason


def test_other_exceptions_fail(ask) -> None:
    (evidence,) = ask(RULE, RuntimeError("device-side assert"), "broken")
    assert evidence.holds is False
    assert "device-side assert" in evidence.message
