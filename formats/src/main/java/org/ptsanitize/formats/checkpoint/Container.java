package org.ptsanitize.formats.checkpoint;

/** The kinds of file a checkpoint comes in. */
public enum Container {
    TORCH_ZIP("PyTorch zip archive"),
    LEGACY_STREAM("PyTorch legacy stream (before 1.6)"),
    BARE_PICKLE("plain pickle"),
    SAFETENSORS("safetensors"),
    SHARDED("sharded checkpoint"),
    DISTRIBUTED("PyTorch distributed checkpoint (DCP)");

    private final String description;

    Container(String description) {
        this.description = description;
    }

    /** How a person calls it. */
    public String description() {
        return description;
    }
}
