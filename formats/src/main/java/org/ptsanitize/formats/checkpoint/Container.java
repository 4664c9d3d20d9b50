package org.ptsanitize.formats.checkpoint;

/** The kinds of file a checkpoint comes in. */
public enum Container {
    TORCH_ZIP("PyTorch zip archive"),
    LEGACY_STREAM("PyTorch legacy stream (before 1.6)"),
    LEGACY_TAR("PyTorch tar archive (0.1)"),
    TORCHSCRIPT("TorchScript archive"),
    EXPORTED_PROGRAM("exported program (.pt2)"),
    BARE_PICKLE("plain pickle"),
    PICKLES("several pickles in one file"),
    JOBLIB("joblib file"),
    NUMPY_ARRAY("numpy array file"),
    NUMPY_ARCHIVE("numpy archive"),
    ZIP("zip archive with checkpoints in it"),
    TAR("tar archive with checkpoints in it"),
    SAFETENSORS("safetensors"),
    SHARDED("sharded checkpoint"),
    DISTRIBUTED("PyTorch distributed checkpoint (DCP)"),
    DEEPSPEED("DeepSpeed checkpoint folder"),
    MEGATRON("Megatron-LM checkpoint folder");

    private final String description;

    Container(String description) {
        this.description = description;
    }

    /** How a person calls it. */
    public String description() {
        return description;
    }
}
