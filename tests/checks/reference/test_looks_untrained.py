import torch

RULE = "looks-untrained"


def trained(*shape: int) -> torch.Tensor:
    """Far from every initializer: skewed, with rows of different scales."""
    return (torch.randn(shape) ** 3 + 0.3) * torch.rand(shape[0], 1).exp()


def test_trained_weights_pass(failing) -> None:
    assert not failing(RULE, {f"l{i}.weight": trained(64, 64) for i in range(4)}, trained=True)


def test_fresh_weights_are_not_asked_unless_said_to_be_trained(failing) -> None:
    fresh = {"a.weight": torch.randn(64, 64) * 0.02}
    assert not failing(RULE, fresh)
    assert failing(RULE, fresh, trained=True)["a.weight"].severity.value == "error"


def test_one_fresh_layer_in_a_trained_file_is_a_warning(failing, tmp_path) -> None:
    from safetensors.torch import save_file

    state = {f"l{i}.weight": trained(64, 64) for i in range(4)} | {"head.weight": torch.randn(64, 64) * 0.02}
    save_file(state, tmp_path / "m.safetensors")
    found = failing(RULE, str(tmp_path / "m.safetensors"))
    assert {k: o.severity.value for k, o in found.items()} == {"head.weight": "warning"}
