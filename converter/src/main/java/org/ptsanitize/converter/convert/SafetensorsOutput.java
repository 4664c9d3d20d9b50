package org.ptsanitize.converter.convert;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SortedMap;
import org.jspecify.annotations.Nullable;
import org.ptsanitize.formats.bytes.ByteSink;
import org.ptsanitize.formats.bytes.FileFormatException;
import org.ptsanitize.formats.safetensors.SafetensorsEntry;
import org.ptsanitize.formats.safetensors.SafetensorsLayout;
import org.ptsanitize.formats.tensor.TensorBytes;

/** One safetensors file: where each tensor goes, and its bytes. */
final class SafetensorsOutput {
    private final SafetensorsPlan plan;
    private final int[] order;
    private final long[] starts;
    /** Only until the header is written: it holds as much as the plan. */
    private @Nullable SafetensorsLayout layout;

    private SafetensorsOutput(SafetensorsPlan plan, SafetensorsLayout layout) {
        this.plan = plan;
        this.layout = layout;
        this.order = new int[plan.tensors().size()];
        Arrays.setAll(order, layout::inputIndex);
        this.starts = new long[order.length];
    }

    /** @throws FileFormatException if the format cannot hold the plan */
    static SafetensorsOutput of(SafetensorsPlan plan, SortedMap<String, String> metadata) throws IOException {
        List<SafetensorsEntry> entries = new ArrayList<>(plan.tensors().size());
        for (PlannedTensor tensor : plan.tensors()) {
            entries.add(new SafetensorsEntry(tensor.name(), tensor.type(), tensor.shape()));
        }
        return new SafetensorsOutput(plan, SafetensorsLayout.of(metadata, entries));
    }

    /** Writes the file, once. */
    void write(ByteSink out) throws IOException {
        if (layout == null) {
            throw new IllegalStateException("written already");
        }
        layout.writeHeader(out);
        layout = null;
        for (int tensor : order) {
            starts[tensor] = out.position();
            TensorBytes.write(plan.tensors().get(tensor).view(), out);
        }
    }

    /** What the file is to hold. */
    SafetensorsPlan plan() {
        return plan;
    }

    /** The tensor of the plan that has a place in the file, in its order. */
    int tensorAt(int place) {
        return order[place];
    }

    /** Where the bytes of a tensor of the plan were written. */
    long start(int tensor) {
        return starts[tensor];
    }
}
