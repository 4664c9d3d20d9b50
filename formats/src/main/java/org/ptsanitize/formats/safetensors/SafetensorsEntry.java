package org.ptsanitize.formats.safetensors;

import java.util.Arrays;
import org.ptsanitize.formats.bytes.Printable;

/** A tensor that is to be written: its name, type and shape, without a place yet. */
public final class SafetensorsEntry {
    private final String name;
    private final SafetensorsType type;
    private final long[] shape;

    public SafetensorsEntry(String name, SafetensorsType type, long... shape) {
        this.name = name;
        this.type = type;
        this.shape = shape.clone();
    }

    public String name() {
        return name;
    }

    public SafetensorsType type() {
        return type;
    }

    /** The shape without a copy, not to be changed. */
    long[] sizes() {
        return shape;
    }

    @Override
    public String toString() {
        return "tensor " + Printable.quote(name) + " " + type + " " + Arrays.toString(shape);
    }
}
