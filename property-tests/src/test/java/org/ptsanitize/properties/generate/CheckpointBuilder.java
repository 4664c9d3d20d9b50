package org.ptsanitize.properties.generate;

import java.math.BigInteger;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import org.ptsanitize.formats.tensor.DType;
import org.ptsanitize.properties.generate.Sample.Sequence.Kind;

/** Grows a random object graph out of a number of nodes. */
final class CheckpointBuilder {
    private static final int DEEPEST = 6;
    private static final List<Double> STRANGE_NUMBERS = List.of(
            0.0, -0.0, 1.5, 0.1, 1e300, 4.9e-324, Double.NaN, Double.POSITIVE_INFINITY, Double.NEGATIVE_INFINITY);

    private final Random random;
    private final RandomTensors tensors;
    private final boolean withInstances;
    private final List<Sample> shareable = new ArrayList<>();
    private final List<Sample> open = new ArrayList<>();
    private int budget;

    private CheckpointBuilder(Random random, List<DType> dtypes, boolean withInstances, int budget) {
        this.random = random;
        this.tensors = new RandomTensors(random, dtypes);
        this.withInstances = withInstances;
        this.budget = budget;
    }

    /** The graph of a seed; no two of its tensors have the same path. */
    static Checkpoint build(long seed, int nodes, List<DType> dtypes, boolean withInstances) {
        Random random = new Random(seed);
        while (true) {
            Sample root = new CheckpointBuilder(random, dtypes, withInstances, nodes).root();
            Checkpoint checkpoint = new Checkpoint(root, "seed " + seed + ", " + nodes + " nodes");
            List<String> paths =
                    checkpoint.tensors().stream().map(ExpectedTensor::path).toList();
            if (paths.size() < 1_000 && Set.copyOf(paths).size() == paths.size()) {
                return checkpoint;
            }
        }
    }

    /** The graph of a seed; two or more of its tensors have the same path. */
    static Checkpoint buildColliding(long seed, int nodes, List<DType> dtypes) {
        Random random = new Random(seed);
        while (true) {
            Sample root = new CheckpointBuilder(random, dtypes, false, nodes).root();
            Checkpoint checkpoint = new Checkpoint(root, "colliding, seed " + seed + ", " + nodes + " nodes");
            List<String> paths =
                    checkpoint.tensors().stream().map(ExpectedTensor::path).toList();
            if (paths.size() < 1_000 && Set.copyOf(paths).size() < paths.size()) {
                return checkpoint;
            }
        }
    }

    private Sample root() {
        return switch (random.nextInt(20)) {
            case 0 -> tensors.next(false);
            case 1, 2 -> sequence(0);
            default -> mapping(0, true);
        };
    }

    private Sample node(int depth) {
        budget--;
        if (random.nextInt(12) == 0 && !shareable.isEmpty()) {
            return shareable.get(random.nextInt(shareable.size()));
        }
        if (random.nextInt(40) == 0) {
            return open.isEmpty() ? Sample.None.NONE : open.get(random.nextInt(open.size()));
        }
        int kind = random.nextInt(20);
        if (kind < 8) {
            return tensor();
        } else if (kind < 11 && depth < DEEPEST) {
            return mapping(depth, true);
        } else if (kind < 13 && depth < DEEPEST) {
            return sequence(depth);
        } else if (kind == 13 && withInstances && depth < DEEPEST) {
            return instance(depth);
        } else if (kind == 14 && withInstances && depth < DEEPEST) {
            return module(depth);
        }
        return plain();
    }

    private Sample tensor() {
        Sample.Tensor tensor = tensors.next(true);
        Sample sample = random.nextInt(4) == 0 && !tensor.dtype().isQuantized() ? new Sample.Parameter(tensor) : tensor;
        return shared(sample);
    }

    private Sample shared(Sample sample) {
        shareable.add(sample);
        return sample;
    }

    private Sample.Mapping mapping(int depth, boolean mayBeOrdered) {
        Sample.Mapping mapping =
                mayBeOrdered && random.nextBoolean() ? Sample.Mapping.ordered() : Sample.Mapping.dict();
        open.add(mapping);
        Set<Object> taken = new HashSet<>();
        for (int left = size(depth); left > 0 && budget > 0; left--) {
            if (random.nextInt(25) == 0) {
                Sample.Bytes bytes = bytes();
                if (taken.add(ByteBuffer.wrap(bytes.value()))) {
                    mapping.put(bytes, plain());
                }
                continue;
            }
            Sample key = Keys.random(random);
            if (taken.add(Keys.identity(key))) {
                mapping.put(key, node(depth + 1));
            }
        }
        open.remove(open.size() - 1);
        if (mapping.isOrdered() && random.nextInt(3) == 0) {
            Sample.Mapping version = Sample.Mapping.dict().put("version", Sample.Int.of(1));
            mapping.setMetadata(Sample.Mapping.ordered().put("", version).put("layer", version));
        }
        shared(mapping);
        return mapping;
    }

    private int size(int depth) {
        return depth == 0 ? budget : random.nextInt(7);
    }

    private Sample sequence(int depth) {
        Sample.Sequence list = Sample.Sequence.list();
        boolean isList = random.nextInt(3) > 0;
        if (isList) {
            open.add(list);
        }
        for (int left = size(depth); left > 0 && budget > 0; left--) {
            list.items().add(node(depth + 1));
        }
        if (isList) {
            open.remove(list);
        }
        return shared(isList ? list : Sample.Sequence.of(Kind.TUPLE, list.items()));
    }

    /** An object, which may be in several places, and hold itself or a container that it is in. */
    private Sample instance(int depth) {
        Sample.Global type = new Sample.Global("my.module" + random.nextInt(3), "Config" + random.nextInt(3));
        boolean isCall = random.nextInt(3) == 0;
        Sample.Sequence arguments =
                isCall && random.nextBoolean() ? Sample.Sequence.tuple(plain(), plain()) : Sample.Sequence.tuple();
        Sample.Mapping state = Sample.Mapping.dict();
        Sample.Instance instance = new Sample.Instance(type, isCall, arguments, Optional.of(state));
        open.add(instance);
        for (int left = random.nextInt(5) + 1; left > 0; left--) {
            state.put("attribute" + left, node(depth + 1));
        }
        open.remove(instance);
        return shared(instance);
    }

    /** A whole module with parameters, buffers and modules, some of them shared with other places. */
    private Sample.Instance module(int depth) {
        Sample.Mapping parameters = Sample.Mapping.dict();
        Sample.Mapping buffers = Sample.Mapping.ordered();
        Sample.Mapping modules = Sample.Mapping.dict();
        for (int left = random.nextInt(3); left > 0; left--) {
            parameters.put("weight" + left, random.nextInt(6) == 0 ? Sample.None.NONE : member());
        }
        for (int left = random.nextInt(2); left > 0; left--) {
            buffers.put("running" + left, random.nextInt(6) == 0 ? Sample.None.NONE : member());
        }
        for (int left = depth < DEEPEST ? random.nextInt(3) : 0; left > 0; left--) {
            modules.put(Integer.toString(left), random.nextInt(6) == 0 ? Sample.None.NONE : module(depth + 1));
        }
        Sample.Mapping state = Sample.Mapping.dict()
                .put("training", new Sample.Bool(true))
                .put("_parameters", parameters)
                .put("_buffers", buffers)
                .put("_modules", modules)
                .put("settings", Sample.Mapping.dict().put("inplace", new Sample.Bool(false)));
        Sample.Global type = new Sample.Global("my.layers", "Layer" + random.nextInt(3));
        Sample.Instance module = new Sample.Instance(type, false, Sample.Sequence.tuple(), Optional.of(state));
        shared(module);
        return module;
    }

    /** A tensor of a module: its own, or one that is somewhere else too. */
    private Sample member() {
        List<Sample> others = shareable.stream()
                .filter(sample -> sample instanceof Sample.Tensor || sample instanceof Sample.Parameter)
                .toList();
        return others.isEmpty() || random.nextInt(3) > 0 ? tensor() : others.get(random.nextInt(others.size()));
    }

    private Sample plain() {
        return switch (random.nextInt(12)) {
            case 0 -> Sample.None.NONE;
            case 1 -> new Sample.Bool(random.nextBoolean());
            case 2 -> Sample.Int.of(random.nextInt(300));
            case 3 -> Sample.Int.of(random.nextInt());
            case 4 -> new Sample.Int(new BigInteger(random.nextInt(300), random).negate());
            case 5 -> new Sample.Real(random.nextGaussian());
            case 6 -> new Sample.Real(STRANGE_NUMBERS.get(random.nextInt(STRANGE_NUMBERS.size())));
            case 7 -> bytes();
            case 8 -> new Sample.Complex(random.nextInt(5), -0.5);
            case 9 -> set();
            default -> text();
        };
    }

    private Sample text() {
        Sample key = Keys.random(random);
        return key instanceof Sample.Text ? key : new Sample.Text("x".repeat(random.nextInt(300)));
    }

    private Sample.Bytes bytes() {
        byte[] value = new byte[random.nextInt(8)];
        random.nextBytes(value);
        return new Sample.Bytes(value);
    }

    private Sample set() {
        List<Sample> items = new ArrayList<>();
        for (int i = random.nextInt(4); i > 0; i--) {
            items.add(random.nextBoolean() ? Sample.Int.of(i * 1000L) : new Sample.Text("item" + i));
        }
        return Sample.Sequence.of(Kind.SET, Collections.unmodifiableList(items));
    }
}
