"""Folders that are one checkpoint: DeepSpeed, Megatron-LM, shards with an index, torch.distributed.checkpoint.

The first two are laid out as those programs lay them out, from weights that are known; they are not needed here.
"""

import collections
import io
import json
import os
import pickle

import torch

from specimen import specimen
from stand_ins_of_others import foreign_class

ASSEMBLED = {"made_by": "assembled", "torch_reads": False}


def save(value, folder, name):
    os.makedirs(folder, exist_ok=True)
    torch.save(value, os.path.join(folder, name))


def text(folder, name, content):
    os.makedirs(folder, exist_ok=True)
    with open(os.path.join(folder, name), "w", encoding="utf-8") as stream:
        stream.write(content)


# -- DeepSpeed ZeRO


def flat(tensors):
    return torch.cat([tensor.detach().reshape(-1) for tensor in tensors]) if tensors else torch.zeros(0)


def padded(tensor, unit):
    return torch.cat([tensor, torch.zeros(-tensor.numel() % unit)])


def concatenated(groups, world, lean):
    """Stages 1 and 2: rank -> its part of each group. `lean` strips the padding, as the writer does since 0.3.16."""
    ranks = [[] for _ in range(world)]
    for group in groups:
        whole = flat(list(group.values()))
        parts = padded(whole, 2 * world).chunk(world)
        left = whole.numel()
        for rank, part in zip(ranks, parts):
            rank.append(part[: max(0, left)].clone() if lean else part.clone())
            left -= part.numel()
    return ranks


def partitioned(groups, world, sub_groups=1):
    """Stage 3: rank -> its flat vectors, with a part of every parameter."""
    ranks = []
    for rank in range(world):
        parts = [padded(flat([t]), world).chunk(world)[rank] for group in groups for t in group.values()]
        whole = flat(parts)
        cut = -(-whole.numel() // sub_groups)
        ranks.append([part.clone() for part in whole.split(cut)])
    return ranks


def write_zero(stage, world, groups, lean=True, sub_groups=1, enum=False, prefix="", frozen=(), shared=(), latest=True):
    """`groups`: lists of names of trained parameters; the rest of the state dict are buffers and frozen ones."""

    def write(value, path):
        step = os.path.join(path, "global_step5")
        trained = [collections.OrderedDict((name, value[name]) for name in names) for names in groups]
        params = {name for names in groups for name in names} | set(frozen) | {name for name, _ in shared}
        buffers = [name for name in value if name not in params]
        state = {
            "buffer_names": buffers,
            "param_shapes": [collections.OrderedDict((n, t.shape) for n, t in g.items()) for g in trained],
            "frozen_param_shapes": collections.OrderedDict((n, value[n].shape) for n in frozen) or None,
            "shared_params": dict(shared),
            "ds_version": "0.14.4",
            "global_steps": 5,
            "lr_scheduler": None,
        }
        for rank in range(world if stage == 3 else 1):
            own = dict(state)
            own["module"] = module(value, buffers, stage)
            own["frozen_param_fragments"] = {
                n: padded(flat([value[n]]), world).chunk(world)[rank] if stage == 3 else value[n] for n in frozen
            } or None
            name = "mp_rank_00_model_states.pt" if stage < 3 else "zero_pp_rank_%d_mp_rank_00_model_states.pt" % rank
            save(own, step, name)
        ranks = partitioned(trained, world, sub_groups) if stage == 3 else concatenated(trained, world, lean)
        key = "fp32_flat_groups" if stage == 3 else "single_partition_of_fp32_groups"
        for rank, parts in enumerate(ranks):
            with foreign_class("deepspeed.runtime.zero.config", "ZeroStageEnum") as kind:
                kind.__reduce__ = lambda self, kind=kind: (kind, (stage,))
                optimizer = {
                    "zero_stage": kind() if enum else stage,
                    "partition_count": world if stage == 3 else [world] * len(groups),
                    "ds_version": "0.14.4",
                    key: parts,
                    "base_optimizer_state": [{"exp_avg": part * 0.5} for part in parts],
                }
                name = "%szero_pp_rank_%d_mp_rank_00_optim_states.pt" % (prefix, rank)
                save({"optimizer_state_dict": optimizer, "ds_config": {}}, step, name)
        if latest:
            text(path, "latest", "global_step5")

    return write


def module(value, buffers, stage):
    """What the model itself saves: half precision, in stage 3 empty placeholders for what is partitioned."""
    out = collections.OrderedDict()
    for name, tensor in value.items():
        if name in buffers:
            out[name] = tensor
        else:
            out[name] = torch.zeros(0, dtype=torch.float16) if stage == 3 else tensor.half()
    return out


def weights(**more):
    value = collections.OrderedDict()
    value["embed.weight"] = torch.randn(5, 3)
    value["norm.weight"] = torch.randn(3)
    value["norm.bias"] = torch.randn(3)
    value["temperature"] = torch.randn(())
    value["head.weight"] = torch.randn(4, 3)
    value["norm.steps"] = torch.tensor(7)
    value.update(more)
    return value


DECAY = ["embed.weight", "head.weight"]
REST = ["norm.weight", "norm.bias", "temperature"]


@specimen("stage1", ext="zero", write=write_zero(1, 2, [DECAY + REST], lean=False, prefix="bf16_"), extra=ASSEMBLED)
def stage1():
    """Padded vectors, in the files of the optimizer for bfloat16."""
    return weights()


@specimen("stage2", ext="zero", write=write_zero(2, 3, [DECAY, REST], enum=True), extra=ASSEMBLED)
def stage2():
    """Two groups, three ranks; the stage is an enum; the padding is stripped."""
    return weights()


@specimen(
    "stage2_shared_and_frozen",
    ext="zero",
    write=write_zero(2, 2, [DECAY, REST], frozen=["prompt"], shared=[("tied.weight", "embed.weight")]),
    extra=dict(ASSEMBLED, tied=[["embed.weight", "tied.weight"]]),
)
def stage2_shared_and_frozen():
    value = weights(prompt=torch.randn(2, 2))
    value["tied.weight"] = value["embed.weight"]
    return value


@specimen(
    "stage3",
    ext="zero",
    write=write_zero(3, 4, [DECAY, REST], sub_groups=3, frozen=["prompt"], shared=[("tied.weight", "embed.weight")]),
    extra=dict(ASSEMBLED, tied=[["embed.weight", "tied.weight"]]),
)
def stage3():
    """Four ranks, parameters smaller than that, vectors cut where a parameter is."""
    value = weights(prompt=torch.randn(3, 3))
    value["tied.weight"] = value["embed.weight"]
    return value


@specimen("stage3_one_rank", ext="zero", write=write_zero(3, 1, [DECAY + REST]), extra=ASSEMBLED)
def stage3_one_rank():
    return weights()


def write_tensor_parallel(value, path):
    for rank, part in value.items():
        save(part, os.path.join(path, "global_step5"), rank + ".pt")
    text(path, "latest", "global_step5\n")


@specimen("split_by_tensors", ext="zero", write=write_tensor_parallel, extra=ASSEMBLED)
def split_by_tensors():
    """Two pieces of a parallel model: the files are converted one by one."""
    return {
        "mp_rank_%02d_model_states" % rank: {"module": {"w": torch.randn(2, 2)}, "mp_world_size": 2}
        for rank in range(2)
    }


# -- Megatron-LM


def write_megatron(value, path):
    for rank, files in value.items():
        for name, content in files.items():
            save(content, os.path.join(path, "iter_0000010", rank), name + ".pt")
    text(path, "latest_checkpointed_iteration.txt", "10")


@specimen("two_ranks", ext="megatron", write=write_megatron, extra=ASSEMBLED)
def two_ranks():
    return {
        "mp_rank_%02d" % rank: {
            "model_optim_rng": {"model": {"language_model": {"w": torch.randn(2, 3)}}, "iteration": 10},
        }
        for rank in range(2)
    }


# -- shards with an index


def write_shards(value, path):
    names = list(value)
    shards = {"pytorch_model-%05d-of-00002.bin" % (i + 1): names[i::2] for i in range(2)}
    for file, own in shards.items():
        save({name: value[name] for name in own}, path, file)
    index = {
        "metadata": {"total_size": sum(t.numel() * t.element_size() for t in value.values())},
        "weight_map": {name: file for file, own in shards.items() for name in own},
    }
    text(path, "pytorch_model.bin.index.json", json.dumps(index))
    text(path, "config.json", "{}")


@specimen("two", ext="shards", write=write_shards, extra={"torch_reads": False})
def two():
    return {"a.weight": torch.randn(2, 3), "a.bias": torch.randn(2), "b.weight": torch.arange(4), "c": torch.zeros(0)}


# -- torch.distributed.checkpoint


def write_dcp(boxes):
    """`boxes`: name -> (offsets, sizes) of the pieces of a tensor; any other value is one piece. A file for each rank."""

    def write(value, path):
        from torch.distributed.checkpoint.filesystem import _StorageInfo
        from torch.distributed.checkpoint.metadata import (
            BytesStorageMetadata,
            ChunkStorageMetadata,
            Metadata,
            MetadataIndex,
            TensorProperties,
            TensorStorageMetadata,
        )

        os.makedirs(path)
        entries, places, stored = {}, {}, {}
        files = [io.BytesIO(), io.BytesIO()]

        def add(rank, piece, index):
            data = io.BytesIO()
            torch.save(piece, data)
            start = files[rank].tell()
            files[rank].write(data.getvalue())
            stored[index] = _StorageInfo("__%d_0.distcp" % rank, start, len(data.getvalue()))

        for place, leaf in leaves(value, ()):
            name = ".".join(str(part) for part in place)
            places[name] = place
            if not isinstance(leaf, torch.Tensor):
                entries[name] = BytesStorageMetadata()
                add(0, leaf, MetadataIndex(name))
                continue
            chunks = []
            for number, (offsets, sizes) in enumerate(boxes.get(name, [((0,) * leaf.dim(), leaf.shape)])):
                box = tuple(slice(o, o + s) for o, s in zip(offsets, sizes))
                add(number % 2, leaf[box].clone(), MetadataIndex(name, torch.Size(offsets), number))
                chunks.append(ChunkStorageMetadata(torch.Size(offsets), torch.Size(sizes)))
            entries[name] = TensorStorageMetadata(TensorProperties(dtype=leaf.dtype), leaf.shape, chunks)
        for rank, data in enumerate(files):
            with open(os.path.join(path, "__%d_0.distcp" % rank), "wb") as stream:
                stream.write(data.getvalue())
        with open(os.path.join(path, ".metadata"), "wb") as stream:
            pickle.dump(Metadata(entries, places, stored), stream, protocol=4)

    return write


def leaves(value, path):
    """Mappings are taken apart, and lists that hold tensors; other lists are one value."""
    for key, item in value.items() if isinstance(value, dict) else enumerate(value):
        nested = isinstance(item, dict) or isinstance(item, list) and any(isinstance(i, torch.Tensor) for i in item)
        if nested:
            yield from leaves(item, path + (key,))
        else:
            yield path + (key,), item


@specimen(
    "pieces",
    ext="dcp",
    write=write_dcp(
        {
            "model.rows": [((0, 0), (3, 4)), ((3, 0), (2, 4))],
            "model.blocks": [((0, 0), (2, 2)), ((0, 2), (2, 3)), ((2, 0), (1, 5))],
        }
    ),
    extra=dict(ASSEMBLED),
)
def pieces():
    """Rows and blocks of two ranks, a scalar, an empty tensor, values that are no tensors."""
    return {
        "model": {
            "rows": torch.arange(20.0).view(5, 4),
            "blocks": torch.arange(15, dtype=torch.int64).view(3, 5),
            "scalar": torch.tensor(2.5),
            "empty": torch.zeros(0, 3),
        },
        "history": [torch.ones(2), torch.zeros(3)],
        "step": 7,
        "name": "run",
    }
