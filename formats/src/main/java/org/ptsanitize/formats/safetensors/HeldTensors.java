package org.ptsanitize.formats.safetensors;

import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import org.ptsanitize.formats.bytes.Budget;
import org.ptsanitize.formats.bytes.FileFormatException;
import org.ptsanitize.formats.bytes.KeyTable;
import org.ptsanitize.formats.bytes.MalformedFileException;

/** The tensors of one header in memory, each paid for and no two of one name. */
final class HeldTensors implements HeaderReader.Target {
    /** Measured bytes of heap of a tensor and its place in the table, less its shape and the letters of its name. */
    private static final int HEAP_PER_TENSOR = 180;

    /** Bytes of header that a tensor often has, for the first size of the table. */
    private static final int COMMON_LENGTH = 100;

    private static final Comparator<SafetensorsTensor> BY_POSITION =
            Comparator.comparingLong(SafetensorsTensor::begin).thenComparingLong(SafetensorsTensor::end);

    private final Budget budget;
    private final List<SafetensorsTensor> tensors;
    private final KeyTable byName;

    HeldTensors(long headerLength, Budget budget) {
        int about = (int) (headerLength / COMMON_LENGTH);
        this.budget = budget;
        this.tensors = new ArrayList<>(about);
        this.byName = new KeyTable(about, i -> tensors.get(i).name());
    }

    @Override
    public void accept(SafetensorsTensor tensor, long offset) throws FileFormatException {
        budget.spendMemory(HEAP_PER_TENSOR + 2L * tensor.name().length() + 8L * tensor.sizes().length, offset);
        if (byName.add(tensor.name(), tensors.size()) >= 0) {
            throw new MalformedFileException("two tensors are called " + tensor);
        }
        tensors.add(tensor);
    }

    List<SafetensorsTensor> inOrder() {
        return Collections.unmodifiableList(tensors);
    }

    Optional<SafetensorsTensor> find(String name) {
        int index = byName.find(name);
        return index < 0 ? Optional.empty() : Optional.of(tensors.get(index));
    }

    List<SafetensorsTensor> byPosition() {
        for (int i = 1; i < tensors.size(); i++) {
            if (BY_POSITION.compare(tensors.get(i - 1), tensors.get(i)) > 0) {
                List<SafetensorsTensor> sorted = new ArrayList<>(tensors);
                sorted.sort(BY_POSITION);
                return sorted;
            }
        }
        return tensors;
    }
}
