"""Writes the folder 'sharded' beside this script: two processes save tensors that are split between them.

Run with PyTorch 2.13: python make.py
"""

import os
import shutil

import torch
import torch.distributed as dist
import torch.distributed.checkpoint as dcp
import torch.multiprocessing as mp
from torch.distributed.device_mesh import init_device_mesh
from torch.distributed.tensor import Replicate, Shard, distribute_tensor

FOLDER = "sharded"  # relative: the .metadata holds the path


def whole(*shape, dtype=torch.float32):
    count = 1
    for size in shape:
        count *= size
    return torch.arange(count).reshape(shape).to(dtype)


def work(rank):
    os.environ.update(MASTER_ADDR="127.0.0.1", MASTER_PORT="29533", RANK=str(rank), WORLD_SIZE="2")
    dist.init_process_group("gloo", rank=rank, world_size=2)
    mesh = init_device_mesh("cpu", (2,))
    state = {
        "model": {
            "rows": distribute_tensor(whole(5, 3), mesh, [Shard(0)]),
            "columns": distribute_tensor(whole(4, 7, dtype=torch.bfloat16), mesh, [Shard(1)]),
            "middle": distribute_tensor(whole(2, 6, 2, dtype=torch.int64), mesh, [Shard(1)]),
            "copied": distribute_tensor(whole(3), mesh, [Replicate()]),
            "turned": distribute_tensor(whole(3, 4).t(), mesh, [Shard(0)]),
        },
        "plain": whole(2, 2).t(),
        "list": [whole(2), {"x": whole(1), "note": "text"}],
        "epoch": 7,
        "empty": whole(0, 4),
        "scalar": torch.tensor(2.5),
    }
    dcp.save(state, checkpoint_id=FOLDER)
    dist.destroy_process_group()


if __name__ == "__main__":
    os.chdir(os.path.dirname(os.path.abspath(__file__)))
    shutil.rmtree(FOLDER, ignore_errors=True)
    mp.spawn(work, nprocs=2)
