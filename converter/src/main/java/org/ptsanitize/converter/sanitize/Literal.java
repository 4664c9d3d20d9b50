package org.ptsanitize.converter.sanitize;

import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.ptsanitize.formats.bytes.MalformedFileException;
import org.ptsanitize.formats.pickle.PickleValue;
import org.ptsanitize.formats.pickle.PickleValue.Bool;
import org.ptsanitize.formats.pickle.PickleValue.Int;
import org.ptsanitize.formats.pickle.PickleValue.Real;
import org.ptsanitize.formats.tensor.DType;
import org.ptsanitize.formats.tensor.Shape;

/** A tensor spelled out as a flat or nested list of numbers. */
final class Literal {
    private final List<PickleValue> rows;
    private final long[] sizes;

    private Literal(List<PickleValue> rows, long[] sizes) {
        this.rows = rows;
        this.sizes = sizes;
    }

    /** The shape of a rectangular nested list, by its first elements; null if the value is no list. */
    static @Nullable Literal measure(PickleValue value) {
        List<PickleValue> rows = Invocation.sequence(value);
        if (rows == null) {
            return null;
        }
        long[] sizes = new long[Shape.MAX_RANK];
        int rank = 0;
        List<PickleValue> level = rows;
        while (level != null && rank < Shape.MAX_RANK) {
            sizes[rank++] = level.size();
            level = level.isEmpty() ? null : Invocation.sequence(level.get(0));
        }
        return new Literal(rows, Arrays.copyOf(sizes, rank));
    }

    long[] sizes() {
        return sizes.clone();
    }

    long elements() throws MalformedFileException {
        return Shape.elements(sizes, "");
    }

    /** Writes the numbers in C order; false if the list is ragged or holds something else. */
    boolean write(ByteBuffer out, DType dtype) {
        return write(out, dtype, rows, 0) && !out.hasRemaining();
    }

    /** As deep as the rank, which {@link Shape#MAX_RANK} bounds. */
    private boolean write(ByteBuffer out, DType dtype, List<PickleValue> level, int depth) {
        if (level.size() != sizes[depth]) {
            return false;
        }
        for (PickleValue item : level) {
            if (depth + 1 < sizes.length) {
                List<PickleValue> inner = Invocation.sequence(item);
                if (inner == null || !write(out, dtype, inner, depth + 1)) {
                    return false;
                }
            } else if (!number(out, dtype, item)) {
                return false;
            }
        }
        return true;
    }

    private static boolean number(ByteBuffer out, DType dtype, PickleValue item) {
        if (out.remaining() < dtype.size()) {
            return false;
        }
        if (item instanceof Int number) {
            return put(out, dtype, (double) number.value(), number.value());
        }
        if (item instanceof Real number) {
            return put(out, dtype, number.value(), (long) number.value());
        }
        return item instanceof Bool bool && put(out, dtype, bool.value() ? 1 : 0, bool.value() ? 1 : 0);
    }

    private static boolean put(ByteBuffer out, DType dtype, double real, long whole) {
        switch (dtype) {
            case FLOAT64 -> out.putDouble(real);
            case FLOAT32 -> out.putFloat((float) real);
            case FLOAT16 -> out.putShort(HalfFloat.float16((float) real));
            case BFLOAT16 -> out.putShort(HalfFloat.bfloat16((float) real));
            case INT64 -> out.putLong(whole);
            case INT32 -> out.putInt((int) whole);
            case INT16 -> out.putShort((short) whole);
            case INT8, UINT8 -> out.put((byte) whole);
            case BOOL -> out.put((byte) (real == 0 ? 0 : 1));
            default -> {
                return false;
            }
        }
        return true;
    }
}
