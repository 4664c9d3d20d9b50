"""What torch 2.13 itself says about a file, tried in the one way that runs nothing of it.

In a process of its own that has imported nothing else: parts of torch allow globals when imported.
"""

import json
import os
import subprocess
import sys


def of_all(paths):
    """Path -> answers."""
    run = subprocess.run(
        [sys.executable, os.path.abspath(__file__)],
        input=json.dumps(paths),
        text=True,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        check=True,
    )
    return dict(zip(paths, json.loads(run.stdout)))


def of(path):
    return {"weights_only_accepts": accepts(path), "unsafe_globals": unsafe_globals(path)}


def accepts(path):
    import torch

    try:
        torch.load(path, weights_only=True, map_location="cpu")
        return True
    except Exception:
        return False


def unsafe_globals(path):
    """Sorted, or None where torch has no answer (legacy files, protocols it cannot walk)."""
    import torch

    try:
        return sorted(torch.serialization.get_unsafe_globals_in_checkpoint(path))
    except Exception:
        return None


if __name__ == "__main__":
    json.dump([of(path) for path in json.load(sys.stdin)], sys.stdout)
