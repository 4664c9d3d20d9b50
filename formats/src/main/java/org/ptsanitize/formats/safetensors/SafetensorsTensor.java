package org.ptsanitize.formats.safetensors;

import org.ptsanitize.formats.bytes.Printable;

/** One tensor of a safetensors file and where its bytes lie, counted from the start of the data. */
public final class SafetensorsTensor {
    private final String name;
    private final SafetensorsType type;
    private final long[] shape;
    private final long begin;
    private final long end;

    SafetensorsTensor(String name, SafetensorsType type, long[] shape, long begin, long end) {
        this.name = name;
        this.type = type;
        this.shape = shape;
        this.begin = begin;
        this.end = end;
    }

    public String name() {
        return name;
    }

    public SafetensorsType type() {
        return type;
    }

    /** The sizes of the dimensions, as a copy. */
    public long[] shape() {
        return shape.clone();
    }

    /** The first byte, counted from the start of the data. */
    public long begin() {
        return begin;
    }

    /** The byte behind the last one. */
    public long end() {
        return end;
    }

    /** The number of bytes. */
    public long length() {
        return end - begin;
    }

    /** The shape without a copy, not to be changed. */
    long[] sizes() {
        return shape;
    }

    @Override
    public String toString() {
        return Printable.quote(name);
    }
}
