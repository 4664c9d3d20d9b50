package org.ptsanitize.cli;

import java.util.Comparator;
import java.util.List;
import org.ptsanitize.converter.inspect.InspectedTensor;

/** Orders in which tensors can be listed. */
enum TensorOrder {
    /** As they stand in the file. */
    FILE {
        @Override
        List<InspectedTensor> sorted(List<InspectedTensor> tensors) {
            return tensors;
        }
    },
    NAME {
        @Override
        List<InspectedTensor> sorted(List<InspectedTensor> tensors) {
            return by(tensors, Comparator.comparing(InspectedTensor::name));
        }
    },
    /** The largest first. */
    SIZE {
        @Override
        List<InspectedTensor> sorted(List<InspectedTensor> tensors) {
            return by(tensors, Comparator.comparingLong(InspectedTensor::bytes).reversed());
        }
    },
    DTYPE {
        @Override
        List<InspectedTensor> sorted(List<InspectedTensor> tensors) {
            return by(tensors, Comparator.comparing(InspectedTensor::dtype));
        }
    };

    /** The tensors in this order; what is equal in it stays as it stands in the file. */
    abstract List<InspectedTensor> sorted(List<InspectedTensor> tensors);

    private static List<InspectedTensor> by(List<InspectedTensor> tensors, Comparator<InspectedTensor> order) {
        return tensors.stream().sorted(order).toList();
    }
}
