package org.ptsanitize.converter.convert;

import java.util.AbstractList;
import java.util.ArrayList;
import java.util.List;
import java.util.RandomAccess;
import org.ptsanitize.converter.report.OutputTensor;

/** The tensors of a plan as a report tells them; each is described when it is asked for. */
final class DescribedTensors extends AbstractList<OutputTensor> implements RandomAccess {
    private final List<PlannedTensor> planned;

    DescribedTensors(List<PlannedTensor> planned) {
        this.planned = planned;
    }

    @Override
    public OutputTensor get(int index) {
        PlannedTensor tensor = planned.get(index);
        List<Long> shape = new ArrayList<>(tensor.shape().length);
        for (long size : tensor.shape()) {
            shape.add(size);
        }
        return new OutputTensor(
                tensor.name(), tensor.path(), tensor.type().name(), shape, tensor.byteSize(), tensor.representation());
    }

    @Override
    public int size() {
        return planned.size();
    }
}
