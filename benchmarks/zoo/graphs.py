"""torch_geometric: its convolutions, each in a small network, and its models."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import torch
from torch import nn

from zoo import Sound

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

_NODES, _EDGES = 60, 240
_CONVOLUTIONS: dict[str, dict[str, Any]] = {
    "GCNConv": {}, "ChebConv": {"K": 3}, "SAGEConv": {}, "GraphConv": {}, "GATConv": {"heads": 4, "concat": False},
    "GATv2Conv": {"heads": 4, "concat": False}, "TransformerConv": {"heads": 4, "concat": False}, "TAGConv": {},
    "ARMAConv": {"num_stacks": 2, "num_layers": 2}, "SGConv": {}, "FeaStConv": {"heads": 2}, "LEConv": {}, "ClusterGCNConv": {},
    "MFConv": {}, "HypergraphConv": {}, "SuperGATConv": {"heads": 4, "concat": False}, "EGConv": {"num_heads": 2}, "GeneralConv": {},
    "FiLMConv": {}, "ResGatedGraphConv": {}, "GENConv": {}, "SSGConv": {"alpha": 0.1}, "WLConvContinuous": {}, "GPSConv": {},
    "GatedGraphConv": {}, "RGCNConv": {"num_relations": 4}, "RGATConv": {"num_relations": 4}, "FastRGCNConv": {"num_relations": 4},
    "FAConv": {}, "GCN2Conv": {}, "PNAConv": {}, "AntiSymmetricConv": {}, "DirGNNConv": {}, "MixHopConv": {}, "HEATConv": {},
}  # fmt: skip


def models() -> Iterator[Sound]:
    """Two layers of each convolution, then whole models."""
    import torch_geometric.nn as g

    for name, options in _CONVOLUTIONS.items():
        if hasattr(g, name) and name not in _ODD:
            yield Sound(f"pyg/{name}", "torch_geometric", lambda n=name, o=options: _Two(n, o), lambda m: _graph())
    for name, build in _odd(g).items():
        yield Sound(f"pyg/{name}", "torch_geometric", build)
    for name, (build, inputs) in _whole(g).items():
        yield Sound(f"pyg/{name}", "torch_geometric", build, (lambda m, i=inputs: i()) if inputs else None)


_ODD = {"GatedGraphConv", "RGCNConv", "RGATConv", "FastRGCNConv", "FAConv", "GCN2Conv", "PNAConv", "AntiSymmetricConv", "DirGNNConv",
        "HEATConv", "GPSConv", "WLConvContinuous", "MixHopConv", "HypergraphConv"}  # fmt: skip


class _Two(nn.Module):
    def __init__(self, name: str, options: dict[str, Any]) -> None:
        super().__init__()
        import torch_geometric.nn as g

        self.first = getattr(g, name)(32, 64, **options)
        self.second = getattr(g, name)(64, 10, **options)

    def forward(self, x: torch.Tensor, edges: torch.Tensor) -> torch.Tensor:
        return self.second(self.first(x, edges).relu(), edges)


def _odd(g: Any) -> dict[str, Callable[[], nn.Module]]:
    return {
        "GatedGraphConv": lambda: g.GatedGraphConv(64, 3),
        "RGCNConv": lambda: g.RGCNConv(32, 64, 4),
        "RGCNConv_bases": lambda: g.RGCNConv(32, 64, 4, num_bases=2),
        "RGATConv": lambda: g.RGATConv(32, 64, 4),
        "FAConv": lambda: g.FAConv(64),
        "GCN2Conv": lambda: g.GCN2Conv(64, 0.1),
        "PNAConv": lambda: g.PNAConv(32, 64, ["mean", "max"], ["identity"], torch.ones(8)),
        "AntiSymmetricConv": lambda: g.AntiSymmetricConv(64),
        "DirGNNConv": lambda: g.DirGNNConv(g.SAGEConv(32, 64)),
        "HEATConv": lambda: g.HEATConv(32, 64, 3, 4, 8, 8, 8),
        "GPSConv": lambda: g.GPSConv(64, g.GCNConv(64, 64), heads=4),
        "MixHopConv": lambda: g.MixHopConv(32, 64),
        "HypergraphConv": lambda: g.HypergraphConv(32, 64),
        "HGTConv": lambda: g.HGTConv(32, 64, (["a", "b"], [("a", "to", "b"), ("b", "to", "a")]), 4),
        "HANConv": lambda: g.HANConv(32, 64, (["a", "b"], [("a", "to", "b"), ("b", "to", "a")]), 4),
        "SplineConv": lambda: g.SplineConv(32, 64, 2, 5),
        "NNConv": lambda: g.NNConv(16, 16, nn.Linear(8, 256)),
        "CGConv": lambda: g.CGConv(64, 8),
        "PointNetConv": lambda: g.PointNetConv(nn.Linear(35, 64), nn.Linear(64, 64)),
        "SAGPooling": lambda: g.SAGPooling(64),
        "Set2Set": lambda: g.Set2Set(64, 2),
        "DeepSetsAggregation": lambda: g.DeepSetsAggregation(nn.Linear(64, 64), nn.Linear(64, 10)),
        "TransE": lambda: g.TransE(200, 10, 64), "ComplEx": lambda: g.ComplEx(200, 10, 64),
        "DistMult": lambda: g.DistMult(200, 10, 64), "RotatE": lambda: g.RotatE(200, 10, 64),
        "MetaPath2Vec": lambda: g.MetaPath2Vec(
            {("a", "to", "b"): _edges(), ("b", "to", "a"): _edges()}, 64, [("a", "to", "b"), ("b", "to", "a")], 4, 3,
            num_nodes_dict={"a": _NODES, "b": _NODES}),
        "GAE": lambda: g.GAE(g.GCN(32, 64, 2, 16)),
        "DeepGraphInfomax": lambda: g.DeepGraphInfomax(64, g.GCN(32, 64, 2), lambda z: z.mean(0), lambda x, e: (x, e)),
        "RECT_L": lambda: g.RECT_L(64, 32), "SignedGCN": lambda: g.SignedGCN(32, 64, 2),
    }  # fmt: skip


def _whole(g: Any) -> dict[str, tuple[Callable[[], nn.Module], Callable[[], Any] | None]]:
    tower = {"in_channels": 32, "hidden_channels": 64, "num_layers": 3, "out_channels": 10}
    found: dict[str, tuple[Callable[[], nn.Module], Callable[[], Any] | None]] = {
        name: (lambda n=name: getattr(g, n)(**tower), _graph) for name in ("GCN", "GraphSAGE", "GIN", "EdgeCNN")
    }
    found |= {
        "GAT": (lambda: g.GAT(**tower, heads=4), _graph),
        "GAT_v2": (lambda: g.GAT(**tower, v2=True), _graph),
        "PNA": (lambda: g.PNA(**tower, aggregators=["mean", "max"], scalers=["identity"], deg=torch.ones(8)), _graph),
        "MLP": (lambda: g.MLP([32, 64, 64, 10]), lambda: (torch.randn(16, 32),)),
        "GraphUNet": (lambda: g.GraphUNet(32, 64, 10, 3), _graph),
        "SchNet": (lambda: g.SchNet(64, 64, 3, 20), None),
        "DimeNet": (lambda: g.DimeNet(64, 10, 2, 8, 5, 4), None),
        "DimeNetPlusPlus": (lambda: g.DimeNetPlusPlus(64, 10, 2, 32, 8, 64, 5, 4), None),
        "ViSNet": (lambda: g.ViSNet(hidden_channels=64, num_layers=2, num_heads=4), None),
        "AttentiveFP": (lambda: g.AttentiveFP(32, 64, 10, 8, 2, 2), None),
        "LINKX": (lambda: g.LINKX(_NODES, 32, 64, 10, 2), None),
        "LightGCN": (lambda: g.LightGCN(_NODES, 64, 3), lambda: (_edges(),)),
        "Node2Vec": (lambda: g.Node2Vec(_edges(), 64, 5, 5, num_nodes=_NODES), None),
        "NeuralFingerprint": (lambda: g.NeuralFingerprint(32, 64, 10, 3), _graph),
        "PMLP": (lambda: g.PMLP(32, 64, 10, 3), _graph),
        "SGFormer": (lambda: g.SGFormer(32, 64, 10), None),
        "Polynormer": (lambda: g.Polynormer(32, 64, 10), None),
        "LPFormer": (lambda: g.LPFormer(32, 64), None),
        "GroupAddRev": (lambda: g.GroupAddRev(g.GCNConv(32, 32), num_groups=2), None),
        "DeepGCNLayer": (lambda: g.DeepGCNLayer(g.GENConv(64, 64), nn.LayerNorm(64), nn.ReLU()), _graph64),
        "GNNFF": (lambda: g.GNNFF(64, 32, 2), None),
    }
    return found


def _edges() -> torch.Tensor:
    return torch.randint(0, _NODES, (2, _EDGES), generator=torch.Generator().manual_seed(0))


def _graph() -> tuple[torch.Tensor, torch.Tensor]:
    return torch.randn(_NODES, 32, generator=torch.Generator().manual_seed(0)), _edges()


def _graph64() -> tuple[torch.Tensor, torch.Tensor]:
    return torch.randn(_NODES, 64, generator=torch.Generator().manual_seed(0)), _edges()
