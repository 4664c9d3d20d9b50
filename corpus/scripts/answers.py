"""What torch 2.13 itself says about a file, tried in the one way that runs nothing of it."""
import torch


def of(path):
    return {"weights_only_accepts": accepts(path), "unsafe_globals": unsafe_globals(path)}


def accepts(path):
    try:
        torch.load(path, weights_only=True, map_location="cpu")
        return True
    except Exception:
        return False


def unsafe_globals(path):
    """Sorted, or None where torch has no answer (legacy files, protocols it cannot walk)."""
    try:
        return sorted(torch.serialization.get_unsafe_globals_in_checkpoint(path))
    except Exception:
        return None
