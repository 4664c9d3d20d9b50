"""Pieces that one process of several saves: its part of each tensor, and where that part belongs.

The process is rank 1 of 4 of a group that only pretends to communicate.
"""

import contextlib

import torch
import torch.distributed

from specimen import specimen


def join_process_group():
    from torch.testing._internal.distributed.fake_pg import FakeStore

    torch.distributed.init_process_group("fake", store=FakeStore(), rank=1, world_size=4)


@contextlib.contextmanager
def process_group():
    join_process_group()
    try:
        yield
    finally:
        torch.distributed.destroy_process_group()


def without_hashes(tensors):
    """The cached hashes are made of addresses; fixed ones make runs equal."""
    for tensor in tensors:
        tensor._spec.mesh._hash = 1
        tensor._spec._hash = 2
    return tensors


@specimen("dtensor")
def dtensor():
    """Rows over one dimension of a mesh, copies or sums over the other."""
    from torch.distributed.device_mesh import init_device_mesh
    from torch.distributed.tensor import DTensor, Partial, Replicate, Shard

    with process_group():
        mesh = init_device_mesh("cpu", (2, 2), mesh_dim_names=("dp", "tp"))
        split = DTensor.from_local(torch.randn(2, 3), mesh, [Replicate(), Shard(0)], run_check=False)
        made = {
            "split": split,
            "parameter": torch.nn.Parameter(split),
            "sum": DTensor.from_local(torch.randn(2), mesh, [Partial(), Replicate()], run_check=False),
        }
        without_hashes(made.values())
    return dict(made, plain=torch.ones(1))


@specimen("fsdp2")
def fsdp2():
    """What `fully_shard` leaves to a rank: its rows of each parameter."""
    from torch.distributed.device_mesh import init_device_mesh
    from torch.distributed.fsdp import fully_shard

    model = torch.nn.Sequential(torch.nn.Linear(3, 8), torch.nn.BatchNorm1d(8))
    with process_group():
        fully_shard(model, mesh=init_device_mesh("cpu", (4,)))
        state = model.state_dict()
        without_hashes([t for t in state.values() if type(t) is not torch.Tensor])
    return {"model": state}


def saved_state(made):
    """The sharded tensor as the state that a pickle holds, which it tells in its process group only; the last step.

    The third part, which rank this is, is of a class that the pickle computes (`getattr`), and so left out.
    """
    shards, plan, _, *rest = made["sharded"].__getstate__()
    torch.distributed.destroy_process_group()
    return dict(made, sharded={"state": (shards, plan, None, *rest)})


@specimen("sharded_tensor", truth=saved_state, extra={"torch_reads": False})
def sharded_tensor():
    """The shards of one rank, with the plan of all of them; torch reads it in a process group only."""
    from torch.distributed._shard.sharded_tensor import Shard, ShardedTensor, ShardMetadata
    from torch.distributed._shard.sharded_tensor.metadata import ShardedTensorMetadata, TensorProperties

    join_process_group()
    plan = [ShardMetadata([2 * rank, 0], [2, 3], "rank:%d/cpu" % rank) for rank in range(4)]
    whole = ShardedTensorMetadata(plan, torch.Size([8, 3]), TensorProperties(dtype=torch.float32))
    mine = [Shard(torch.randn(2, 3), plan[1])]
    sharded = ShardedTensor._init_from_local_shards_and_global_metadata(mine, whole)
    return {"sharded": sharded, "plain": torch.ones(1)}
