package org.ptsanitize.properties.generate;

import java.util.Arrays;
import java.util.List;
import java.util.Random;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import org.ptsanitize.formats.tensor.DType;

/** Arbitrary checkpoints, as object graphs and as files. They shrink to graphs of fewer nodes. */
public final class Checkpoints {
    private static final int MOST_NODES = 40;

    private Checkpoints() {}

    /** Graphs with tensors of every type but the quantized ones, and with objects of unknown classes. */
    public static Arbitrary<Checkpoint> any() {
        return of(unquantized(), true);
    }

    /** The same without objects of unknown classes: nothing in them is lost or renamed. */
    public static Arbitrary<Checkpoint> plain() {
        return of(unquantized(), false);
    }

    /** Graphs in which at least two tensors have the same path. */
    public static Arbitrary<Checkpoint> colliding() {
        return seeds().map(seed -> CheckpointBuilder.buildColliding(seed, MOST_NODES, unquantized()));
    }

    /** Graphs with tensors of these types. */
    public static Arbitrary<Checkpoint> of(List<DType> dtypes, boolean withInstances) {
        Arbitrary<Integer> nodes = Arbitraries.integers().between(0, MOST_NODES);
        return Combinators.combine(seeds(), nodes)
                .as((seed, count) -> CheckpointBuilder.build(seed, count, dtypes, withInstances));
    }

    /** All types but the quantized ones. */
    public static List<DType> unquantized() {
        return Arrays.stream(DType.values())
                .filter(dtype -> !dtype.isQuantized())
                .toList();
    }

    /** Files of these checkpoints in every container, in every spelling. */
    public static Arbitrary<CheckpointFile> files(Arbitrary<Checkpoint> checkpoints) {
        return Combinators.combine(checkpoints, seeds()).as(CheckpointFile::random);
    }

    /** The same, of those that hold a tensor. */
    public static Arbitrary<CheckpointFile> filesWithTensors(Arbitrary<Checkpoint> checkpoints) {
        return files(checkpoints.filter(checkpoint -> !checkpoint.tensors().isEmpty()));
    }

    /** The checkpoint of a seed: the same on every machine. */
    public static Checkpoint ofSeed(long seed, int nodes) {
        return CheckpointBuilder.build(seed, nodes, unquantized(), new Random(seed).nextBoolean());
    }

    /** The same with tensors of these types and without objects of unknown classes. */
    public static Checkpoint ofSeed(long seed, int nodes, List<DType> dtypes) {
        return CheckpointBuilder.build(seed, nodes, dtypes, false);
    }

    private static Arbitrary<Long> seeds() {
        return Arbitraries.longs().between(0, 1L << 40).withoutEdgeCases();
    }
}
