package org.ptsanitize.converter.sanitize;

import java.io.IOException;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.ptsanitize.formats.pickle.PickleValue;
import org.ptsanitize.formats.pickle.PickleValue.BigInt;
import org.ptsanitize.formats.pickle.PickleValue.Bool;
import org.ptsanitize.formats.pickle.PickleValue.Bytes;
import org.ptsanitize.formats.pickle.PickleValue.BytesKind;
import org.ptsanitize.formats.pickle.PickleValue.Int;
import org.ptsanitize.formats.pickle.PickleValue.None;
import org.ptsanitize.formats.pickle.PickleValue.PyList;
import org.ptsanitize.formats.pickle.PickleValue.Real;
import org.ptsanitize.formats.pickle.PickleValue.Text;

/**
 * What makes two keys one key to Python: {@code 1}, {@code True} and {@code 1.0} are the same, in tuples as well, and a
 * NaN is only itself. Tuples of very many items are compared by identity: hashing them is what a file could spend hours
 * with.
 */
public final class KeyIdentity {
    private static final int LONG_KEY = 1 << 16;

    /** Items of a tuple, those of tuples in it included. */
    private static final int LONG_TUPLE = 256;

    private KeyIdentity() {}

    private record BytesKey(String latin1) {}

    private record IdentityKey(PickleValue value) {
        @Override
        public boolean equals(Object other) {
            return other instanceof IdentityKey key && key.value == value;
        }

        @Override
        public int hashCode() {
            return System.identityHashCode(value);
        }
    }

    /** An object equal to that of another key exactly if both are one key. */
    public static Object of(PickleValue key) throws IOException {
        if (key instanceof Text text) {
            return text.value();
        }
        if (key instanceof Int number) {
            return number.value();
        }
        if (key instanceof Bool bool) {
            return bool.value() ? 1L : 0L;
        }
        if (key instanceof Real number) {
            return Double.isNaN(number.value()) ? new IdentityKey(key) : number(number.value());
        }
        if (key instanceof BigInt number) {
            return number.value();
        }
        if (key instanceof None) {
            return None.NONE;
        }
        if (key instanceof Bytes bytes && bytes.length() <= LONG_KEY) {
            if (bytes.kind() == BytesKind.STRING) {
                PickleValue decided = PythonText.decide(bytes);
                return decided instanceof Text text ? text.value() : new BytesKey(PythonText.latin1(bytes));
            }
            return new BytesKey(PythonText.latin1(bytes));
        }
        List<Object> items = items(key, new int[] {LONG_TUPLE});
        return items == null ? new IdentityKey(key) : items;
    }

    /** What makes two tuples one key: their items. Null for what is no tuple, or one of too many items. */
    private static @Nullable List<Object> items(PickleValue key, int[] left) throws IOException {
        List<PickleValue> values = tuple(key);
        if (values == null || (left[0] -= values.size()) < 0) {
            return null;
        }
        List<Object> items = new ArrayList<>(values.size());
        for (PickleValue value : values) {
            Object item = tuple(value) == null ? of(value) : items(value, left);
            if (item == null) {
                return null;
            }
            items.add(item);
        }
        return items;
    }

    /** The items of a tuple or a {@code torch.Size}. */
    private static @Nullable List<PickleValue> tuple(PickleValue value) {
        return value instanceof PyList ? null : Invocation.sequence(value);
    }

    private static Object number(double value) {
        if (Double.isInfinite(value) || value != Math.rint(value)) {
            return value;
        }
        if (Math.abs(value) < 0x1p63) {
            return (long) value;
        }
        BigInteger whole = new BigDecimal(value).toBigIntegerExact();
        return whole.bitLength() < Long.SIZE ? (Object) whole.longValueExact() : whole;
    }
}
