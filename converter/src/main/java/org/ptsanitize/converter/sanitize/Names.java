package org.ptsanitize.converter.sanitize;

import java.io.IOException;
import java.io.UncheckedIOException;
import org.jspecify.annotations.Nullable;
import org.ptsanitize.formats.pickle.PickleValue;
import org.ptsanitize.formats.pickle.PickleValue.BigInt;
import org.ptsanitize.formats.pickle.PickleValue.Bool;
import org.ptsanitize.formats.pickle.PickleValue.Bytes;
import org.ptsanitize.formats.pickle.PickleValue.Int;
import org.ptsanitize.formats.pickle.PickleValue.None;
import org.ptsanitize.formats.pickle.PickleValue.Real;
import org.ptsanitize.formats.pickle.PickleValue.Text;

/** How keys and paths are spelled in tensor names. */
public final class Names {
    private Names() {}

    /** One component of a path: a text as it is, a number in decimal, other keys as Python's {@code str} prints them. */
    public static String component(Leaf key) {
        PickleValue value = key.value();
        if (value instanceof Text text) {
            return text.value();
        }
        if (value instanceof Int number) {
            return Long.toString(number.value());
        }
        if (value instanceof BigInt number) {
            return number.value().toString();
        }
        if (value instanceof Real number) {
            return PythonFloat.repr(number.value());
        }
        if (value instanceof Bool bool) {
            return bool.value() ? "True" : "False";
        }
        if (value instanceof None) {
            return "None";
        }
        if (value instanceof Bytes bytes) {
            try {
                return PythonText.latin1(bytes);
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
        throw new AssertionError(value.getClass());
    }

    /** The name of a child: the root has no name of its own, an empty key has the empty one. */
    public static String below(@Nullable String parent, String component) {
        return parent == null ? component : parent + "." + component;
    }

    /** A path and one more component, for messages: empty components leave no trace. */
    public static String join(String path, String component) {
        return path.isEmpty() ? component : path + "." + component;
    }
}
