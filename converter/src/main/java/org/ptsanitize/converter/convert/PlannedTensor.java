package org.ptsanitize.converter.convert;

import org.ptsanitize.converter.restore.Representation;
import org.ptsanitize.formats.safetensors.SafetensorsType;
import org.ptsanitize.formats.tensor.TensorView;

/**
 * A tensor of a safetensors output.
 *
 * @param name its name in the output
 * @param path its path in the checkpoint
 * @param view the source; its C-contiguous little-endian bytes are written
 * @param type element type in the output
 * @param representation how it is written if not as it was: {@code complex128}, {@code quantized}…; empty otherwise
 */
record PlannedTensor(String name, String path, TensorView view, SafetensorsType type, String representation) {
    /** The shape in the output, which differs from the source's where a type is split. */
    long[] shape() {
        return Representation.of(view).shape();
    }

    @Override
    public boolean equals(Object other) {
        return this == other;
    }

    @Override
    public int hashCode() {
        return System.identityHashCode(this);
    }

    @Override
    public String toString() {
        return name;
    }

    long byteSize() {
        return view.byteSize();
    }
}
