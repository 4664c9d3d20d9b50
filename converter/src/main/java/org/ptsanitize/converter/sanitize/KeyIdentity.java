package org.ptsanitize.converter.sanitize;

import java.io.IOException;
import java.math.BigDecimal;
import java.math.BigInteger;
import org.ptsanitize.formats.pickle.PickleValue;
import org.ptsanitize.formats.pickle.PickleValue.BigInt;
import org.ptsanitize.formats.pickle.PickleValue.Bool;
import org.ptsanitize.formats.pickle.PickleValue.Bytes;
import org.ptsanitize.formats.pickle.PickleValue.BytesKind;
import org.ptsanitize.formats.pickle.PickleValue.Int;
import org.ptsanitize.formats.pickle.PickleValue.None;
import org.ptsanitize.formats.pickle.PickleValue.Real;
import org.ptsanitize.formats.pickle.PickleValue.Text;

/** What makes two keys one key to Python: {@code 1}, {@code True} and {@code 1.0} are the same. */
public final class KeyIdentity {
    private static final int LONG_KEY = 1 << 16;

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
            return number(number.value());
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
        return new IdentityKey(key);
    }

    private static Object number(double value) {
        if (Double.isNaN(value) || Double.isInfinite(value) || value != Math.rint(value)) {
            return value;
        }
        if (Math.abs(value) < 0x1p63) {
            return (long) value;
        }
        BigInteger whole = new BigDecimal(value).toBigIntegerExact();
        return whole.bitLength() < Long.SIZE ? (Object) whole.longValueExact() : whole;
    }
}
