package org.ptsanitize.properties.generate;

import java.util.Random;

/** A checkpoint as the bytes of a file. */
public final class CheckpointFile {
    private final Checkpoint checkpoint;
    private final byte[] bytes;
    private final String description;

    private CheckpointFile(Checkpoint checkpoint, byte[] bytes, String description) {
        this.checkpoint = checkpoint;
        this.bytes = bytes;
        this.description = description;
    }

    /** A file in a container and a spelling that the seed chooses. */
    public static CheckpointFile random(Checkpoint checkpoint, long seed) {
        return new Random(seed).nextInt(3) > 0 ? zip(checkpoint, seed) : legacy(checkpoint, seed);
    }

    public static CheckpointFile zip(Checkpoint checkpoint, long seed) {
        Random random = new Random(seed);
        ZipStyle style = ZipStyle.random(random);
        return new CheckpointFile(
                checkpoint,
                ZipAssembler.assemble(checkpoint.root(), style, random),
                "file seed " + seed + ", " + style);
    }

    public static CheckpointFile legacy(Checkpoint checkpoint, long seed) {
        Random random = new Random(seed);
        LegacyStyle style = LegacyStyle.random(random);
        return new CheckpointFile(
                checkpoint,
                LegacyAssembler.assemble(checkpoint.root(), style, random),
                "file seed " + seed + ", " + style);
    }

    public Checkpoint checkpoint() {
        return checkpoint;
    }

    public byte[] bytes() {
        return bytes.clone();
    }

    @Override
    public String toString() {
        return description + ": " + checkpoint;
    }
}
