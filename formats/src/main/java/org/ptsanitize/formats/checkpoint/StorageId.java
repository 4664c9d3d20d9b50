package org.ptsanitize.formats.checkpoint;

import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import org.ptsanitize.formats.bytes.MalformedFileException;
import org.ptsanitize.formats.pickle.PickleValue;
import org.ptsanitize.formats.pickle.PickleValue.BigInt;
import org.ptsanitize.formats.pickle.PickleValue.Bytes;
import org.ptsanitize.formats.pickle.PickleValue.BytesKind;
import org.ptsanitize.formats.pickle.PickleValue.Global;
import org.ptsanitize.formats.pickle.PickleValue.Int;
import org.ptsanitize.formats.pickle.PickleValue.PersistentId;
import org.ptsanitize.formats.pickle.PickleValue.Text;
import org.ptsanitize.formats.pickle.PickleValue.Tuple;
import org.ptsanitize.formats.tensor.DType;

/**
 * The persistent id {@code ('storage', type, key, location, numel)} of a zip, or the same with a sixth item in a legacy
 * stream. The location is not read: bytes are bytes wherever they lay.
 *
 * @param type element type, empty for an untyped storage
 * @param key the storage's key, as text
 * @param number whether the key is written as a number
 * @param elements number of elements; bytes for an untyped storage
 */
record StorageId(Optional<DType> type, String key, boolean number, long elements) {
    private static final int KEY_LIMIT = 1024;

    /** Element size in bytes. */
    int elementSize() {
        return type.map(DType::size).orElse(1);
    }

    /** The length in bytes, exact or an error. */
    long byteSize(String where) throws MalformedFileException {
        try {
            return Math.multiplyExact(elements, elementSize());
        } catch (ArithmeticException e) {
            throw new MalformedFileException("storage '" + key + "' claims " + elements + " elements", where);
        }
    }

    /** Reads the first five items of a storage id. */
    static StorageId parse(PersistentId id, int minimum, int maximum) throws MalformedFileException {
        try {
            return parse(id.id(), minimum, maximum);
        } catch (MalformedFileException e) {
            e.within("byte " + id.offset());
            throw e;
        }
    }

    private static StorageId parse(PickleValue id, int minimum, int maximum) throws MalformedFileException {
        if (!(id instanceof Tuple items) || items.size() == 0 || !isText(items.get(0), "storage")) {
            throw new MalformedFileException("a persistent id that is not a storage tuple");
        }
        if (items.size() < minimum || items.size() > maximum) {
            throw new MalformedFileException("a storage id of " + items.size() + " items, expected " + maximum);
        }
        if (!(items.get(4) instanceof Int elements) || elements.value() < 0) {
            throw new MalformedFileException("a storage id without a valid element count");
        }
        return new StorageId(
                typeOf(items.get(1), ""), keyOf(items.get(2), ""), isNumber(items.get(2)), elements.value());
    }

    /** The key as text: storage keys are strings, or integers from foreign writers. */
    static String keyOf(PickleValue value, String where) throws MalformedFileException {
        if (value instanceof Text text && text.value().length() <= KEY_LIMIT) {
            return text.value();
        }
        if (value instanceof Int number) {
            return Long.toString(number.value());
        }
        if (value instanceof BigInt number && number.value().abs().compareTo(BigInteger.TWO.pow(128)) < 0) {
            return number.value().toString();
        }
        if (value instanceof Bytes bytes && bytes.kind() == BytesKind.STRING && bytes.length() <= KEY_LIMIT) {
            return asciiText(bytes, where);
        }
        throw new MalformedFileException("a storage key that is neither a short text nor an integer", where);
    }

    /** Whether a key is written as a number: in a stream, {@code 0} and {@code '0'} are two keys. */
    static boolean isNumber(PickleValue key) {
        return key instanceof Int || key instanceof BigInt;
    }

    static Optional<DType> typeOf(PickleValue value, String where) throws MalformedFileException {
        if (value instanceof Global global) {
            String module = global.module();
            if (module.equals("torch") || module.equals("torch.cuda")) {
                Optional<DType> type = DType.ofStorageClass(global.name());
                if (type.isPresent()) {
                    return type;
                }
            }
            boolean untyped =
                    global.name().equals("UntypedStorage") || global.name().equals("_UntypedStorage");
            if (untyped && (module.equals("torch.storage") || module.equals("torch"))) {
                return Optional.empty();
            }
            throw new MalformedFileException("'" + global.dotted() + "' is not a PyTorch storage class", where);
        }
        throw new MalformedFileException("a storage id whose type is not a class", where);
    }

    static boolean isText(PickleValue value, String expected) throws MalformedFileException {
        if (value instanceof Text text) {
            return text.value().equals(expected);
        }
        return value instanceof Bytes bytes
                && bytes.kind() != BytesKind.BYTEARRAY
                && bytes.length() == expected.length()
                && asciiText(bytes, "").equals(expected);
    }

    private static String asciiText(Bytes bytes, String where) throws MalformedFileException {
        try {
            return StandardCharsets.ISO_8859_1.decode(bytes.range().read()).toString();
        } catch (MalformedFileException e) {
            throw e;
        } catch (java.io.IOException e) {
            throw new MalformedFileException("unreadable text: " + e.getMessage(), where);
        }
    }
}
