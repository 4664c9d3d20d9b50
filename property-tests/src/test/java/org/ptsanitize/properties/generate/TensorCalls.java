package org.ptsanitize.properties.generate;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.function.Function;
import org.ptsanitize.formats.tensor.DType;
import org.ptsanitize.properties.generate.Sample.Sequence.Kind;

/** The call that rebuilds a tensor, in one of the forms that mean the same. */
final class TensorCalls {
    private static final String UTILS = "torch._utils";

    private final Random random;
    private final Function<SampleStorage, Sample.Sequence> ids;

    TensorCalls(Random random, Function<SampleStorage, Sample.Sequence> ids) {
        this.random = random;
        this.ids = ids;
    }

    static boolean canRequireGrad(DType dtype) {
        return switch (dtype) {
            case FLOAT64, FLOAT32, FLOAT16, BFLOAT16, COMPLEX128, COMPLEX64 -> true;
            default -> false;
        };
    }

    Sample of(Sample.Tensor tensor) {
        List<Sample> arguments = new ArrayList<>();
        arguments.add(new Sample.Persistent(ids.apply(tensor.storage())));
        arguments.add(Sample.Int.of(tensor.offset()));
        arguments.add(numbers(tensor.sizes(), true));
        arguments.add(numbers(tensor.strides(), false));
        boolean plain = !tensor.conjugate() && !tensor.negative();
        if (tensor.dtype().isQuantized()) {
            arguments.add(quantizer());
            addFlags(arguments, false);
            return call("_rebuild_qtensor", arguments);
        }
        if (!tensor.storage().untyped() && plain && random.nextInt(8) == 0) {
            return call("_rebuild_tensor", arguments);
        }
        boolean withMetadata = !plain || random.nextInt(16) == 0;
        addFlags(arguments, !tensor.storage().untyped() && !withMetadata && canRequireGrad(tensor.dtype()));
        if (tensor.storage().untyped()) {
            arguments.add(new Sample.Global("torch", tensor.dtype().torchName()));
        }
        if (withMetadata) {
            arguments.add(metadata(tensor));
        }
        return call(tensor.storage().untyped() ? "_rebuild_tensor_v3" : "_rebuild_tensor_v2", arguments);
    }

    private void addFlags(List<Sample> arguments, boolean canRequireGrad) {
        arguments.add(new Sample.Bool(canRequireGrad && random.nextInt(4) == 0));
        arguments.add(new Sample.Call(new Sample.Global("collections", "OrderedDict")));
    }

    private static Sample quantizer() {
        return Sample.Sequence.tuple(
                new Sample.Global("torch", "per_tensor_affine"), new Sample.Real(0.5), Sample.Int.of(3));
    }

    private static Sample metadata(Sample.Tensor tensor) {
        Sample.Mapping metadata = Sample.Mapping.dict();
        if (tensor.conjugate()) {
            metadata.put("conj", new Sample.Bool(true));
        }
        if (tensor.negative()) {
            metadata.put("neg", new Sample.Bool(true));
        }
        return metadata;
    }

    private Sample numbers(long[] values, boolean areSizes) {
        List<Sample.Int> items = Arrays.stream(values).mapToObj(Sample.Int::of).toList();
        if (areSizes && random.nextInt(6) == 0) {
            return new Sample.Call(new Sample.Global("torch", "Size"), Sample.Sequence.of(Kind.TUPLE, items));
        }
        return Sample.Sequence.of(random.nextInt(12) == 0 ? Kind.LIST : Kind.TUPLE, items);
    }

    private static Sample call(String function, List<Sample> arguments) {
        return new Sample.Call(new Sample.Global(UTILS, function), arguments.toArray(new Sample[0]));
    }
}
