package org.ptsanitize.converter.convert;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.SortedMap;
import org.ptsanitize.formats.bytes.ByteSink;
import org.ptsanitize.formats.bytes.FileFormatException;
import org.ptsanitize.formats.safetensors.SafetensorsEntry;
import org.ptsanitize.formats.safetensors.SafetensorsLayout;
import org.ptsanitize.formats.tensor.TensorBytes;

/** One safetensors file: where each tensor goes, and its bytes. */
final class SafetensorsOutput {
    private final SafetensorsPlan plan;
    private final SafetensorsLayout layout;
    private final long[] starts;

    private SafetensorsOutput(SafetensorsPlan plan, SafetensorsLayout layout) {
        this.plan = plan;
        this.layout = layout;
        this.starts = new long[plan.tensors().size()];
    }

    /** @throws FileFormatException if the format cannot hold the plan */
    static SafetensorsOutput of(SafetensorsPlan plan, SortedMap<String, String> metadata) throws IOException {
        List<SafetensorsEntry> entries = new ArrayList<>(plan.tensors().size());
        for (PlannedTensor tensor : plan.tensors()) {
            entries.add(new SafetensorsEntry(tensor.name(), tensor.type(), tensor.shape()));
        }
        return new SafetensorsOutput(plan, SafetensorsLayout.of(metadata, entries));
    }

    void write(ByteSink out) throws IOException {
        layout.writeHeader(out);
        for (int i = 0; i < layout.tensors().size(); i++) {
            int tensor = layout.inputIndex(i);
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
        return layout.inputIndex(place);
    }

    /** Where the bytes of a tensor of the plan were written. */
    long start(int tensor) {
        return starts[tensor];
    }
}
