RULE = "lost-registration"
W = frozenset({"w"})


def test_documented_names_hold(ask) -> None:
    listed = {"named_parameters": W, "state_dict": W}
    evidence = ask(RULE, listed, "registering", facts={"documented": dict(listed)})
    assert [e.part for e in evidence] == [".named_parameters", ".state_dict"]
    assert all(e.holds for e in evidence)


def test_a_name_too_many_or_too_few(ask) -> None:
    documented = {"named_parameters": W, "state_dict": frozenset()}
    listed = {"named_parameters": frozenset(), "state_dict": W}
    few, many = ask(RULE, listed, "registering", facts={"documented": documented})
    assert few.holds is False
    assert few.message == "named_parameters() lists nothing where w is documented"
    assert many.holds is False
