package org.ptsanitize.converter.convert;

import java.util.AbstractList;
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
        return new OutputTensor(
                tensor.name(),
                tensor.path(),
                tensor.type().name(),
                new Sizes(tensor.shape()),
                tensor.byteSize(),
                tensor.representation());
    }

    private static final class Sizes extends AbstractList<Long> implements RandomAccess {
        private final long[] sizes;

        Sizes(long[] sizes) {
            this.sizes = sizes;
        }

        @Override
        public Long get(int index) {
            return sizes[index];
        }

        @Override
        public int size() {
            return sizes.length;
        }
    }

    @Override
    public int size() {
        return planned.size();
    }
}
