package org.ptsanitize.properties.generate;

import java.util.Random;
import java.util.function.UnaryOperator;

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

    /** A zip whose pickle was changed before it was packed. */
    public static CheckpointFile zip(Checkpoint checkpoint, long seed, UnaryOperator<byte[]> spoil) {
        Random random = new Random(seed);
        ZipStyle style = ZipStyle.random(random);
        return new CheckpointFile(
                checkpoint,
                ZipAssembler.assemble(checkpoint.root(), style, random, spoil),
                "spoiled, file seed " + seed + ", " + style);
    }

    /** A zip as PyTorch lays it out. */
    public static CheckpointFile plainZip(Checkpoint checkpoint, long seed, UnaryOperator<byte[]> spoil) {
        return new CheckpointFile(
                checkpoint,
                ZipAssembler.assemble(checkpoint.root(), ZipStyle.plain(), new Random(seed), spoil),
                "plain zip, file seed " + seed);
    }

    /** A pickle alone, in any protocol; its storages are nowhere. */
    public static CheckpointFile pickle(Checkpoint checkpoint, long seed) {
        Random random = new Random(seed);
        PickleStyle style = PickleStyle.random(random, 0);
        byte[] bytes = PickleAssembler.assemble(checkpoint.root(), style, random, CheckpointFile::missing);
        return new CheckpointFile(checkpoint, bytes, "pickle seed " + seed + ", " + style);
    }

    private static Sample.Sequence missing(SampleStorage storage) {
        return Sample.Sequence.tuple(
                new Sample.Text("storage"),
                storage.type(),
                new Sample.Text("0"),
                new Sample.Text("cpu"),
                Sample.Int.of(storage.unitsOf(storage.elements())));
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
