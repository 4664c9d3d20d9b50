package org.ptsanitize.formats.pickle;

import java.io.IOException;
import org.jspecify.annotations.Nullable;
import org.ptsanitize.formats.bytes.MalformedFileException;
import org.ptsanitize.formats.pickle.PickleValue.Bytes;
import org.ptsanitize.formats.pickle.PickleValue.Call;
import org.ptsanitize.formats.pickle.PickleValue.Dict;
import org.ptsanitize.formats.pickle.PickleValue.Global;
import org.ptsanitize.formats.pickle.PickleValue.Int;
import org.ptsanitize.formats.pickle.PickleValue.None;
import org.ptsanitize.formats.pickle.PickleValue.Text;
import org.ptsanitize.formats.pickle.PickleValue.Tuple;

/**
 * What follows the wrapper of an array in a joblib file ({@code joblib/numpy_pickle.py}): a pickle if the array holds
 * objects; else, if the wrapper tells an alignment, one byte with a number of padding bytes and those, and then the
 * array's bytes.
 *
 * @param objects whether a pickle follows
 * @param aligned whether padding stands in front of the bytes
 * @param length the number of the array's bytes
 */
record JoblibArray(boolean objects, boolean aligned, long length) {
    static final long BYTES = Meter.object(2, 0) + Meter.object(1, 16);

    private static final Global DTYPE = new Global("numpy", "dtype");
    private static final int LARGEST_ITEM = 1 << 28;
    private static final int HAS_OBJECTS = 1;

    static boolean isWrapper(PickleValue value) {
        return value instanceof Call call
                && call.callable() instanceof Global global
                && global.module().equals("joblib.numpy_pickle")
                && global.name().equals("NumpyArrayWrapper");
    }

    static JoblibArray of(Call wrapper, Meter meter) throws IOException {
        PickleValue shape = attribute(wrapper, "shape");
        if (wrapper.states().size() != 1
                || !(shape instanceof Tuple sizes)
                || !(attribute(wrapper, "dtype") instanceof Call dtype)
                || !DTYPE.equals(dtype.callable())) {
            throw meter.malformed("a joblib array without a shape and a dtype");
        }
        PickleValue alignment = attribute(wrapper, "numpy_array_alignment_bytes");
        boolean aligned = alignment != null && alignment != None.NONE;
        long items = 1;
        try {
            for (PickleValue size : sizes.items()) {
                if (!(size instanceof Int number) || number.value() < 0) {
                    throw meter.malformed("a joblib array with a damaged shape");
                }
                items = Math.multiplyExact(items, number.value());
            }
            return hasObjects(dtype)
                    ? new JoblibArray(true, aligned, 0)
                    : new JoblibArray(false, aligned, Math.multiplyExact(items, itemSize(dtype, meter)));
        } catch (ArithmeticException e) {
            throw new MalformedFileException("a joblib array whose size overflows 64 bits", "byte " + meter.offset());
        }
    }

    /** The value last set under a name. */
    private static @Nullable PickleValue attribute(Call wrapper, String name) {
        PickleValue found = null;
        if (!wrapper.states().isEmpty() && wrapper.states().get(0) instanceof Dict dict) {
            for (int i = 0; i < dict.entries().size(); i++) {
                if (dict.entries().key(i) instanceof Text key && key.value().equals(name)) {
                    found = dict.entries().value(i);
                }
            }
        }
        return found;
    }

    private static @Nullable Tuple state(Call dtype) {
        return !dtype.states().isEmpty() && dtype.states().get(0) instanceof Tuple state ? state : null;
    }

    private static boolean hasObjects(Call dtype) throws IOException {
        Tuple state = state(dtype);
        return code(dtype).startsWith("O")
                || state != null
                        && state.size() >= 8
                        && state.get(7) instanceof Int flags
                        && (flags.value() & HAS_OBJECTS) != 0;
    }

    /** Bytes of one item: what the state says, else the number in a code such as {@code f8}. */
    private static int itemSize(Call dtype, Meter meter) throws IOException {
        Tuple state = state(dtype);
        if (state != null && state.size() >= 5) {
            int at = state.size() == 5 ? 3 : state.size() == 6 ? 4 : 5;
            if (state.get(at) instanceof Int size && size.value() >= 0 && size.value() <= LARGEST_ITEM) {
                return (int) size.value();
            }
        }
        String digits = code(dtype).replaceFirst("^[<>|=]?[a-zA-Z]", "");
        if (!digits.matches("[0-9]{1,8}")) {
            throw meter.malformed("a joblib array with an unknown dtype");
        }
        return Integer.parseInt(digits);
    }

    private static String code(Call dtype) throws IOException {
        if (dtype.arguments() instanceof Tuple arguments && arguments.size() > 0) {
            if (arguments.get(0) instanceof Text text) {
                return text.value();
            }
            if (arguments.get(0) instanceof Bytes bytes && bytes.length() < 64) {
                return java.nio.charset.StandardCharsets.ISO_8859_1
                        .decode(bytes.range().read())
                        .toString();
            }
        }
        return "";
    }
}
