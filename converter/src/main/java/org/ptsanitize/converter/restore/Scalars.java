package org.ptsanitize.converter.restore;

import com.google.gson.stream.JsonToken;
import java.io.IOException;
import java.math.BigInteger;
import java.util.Base64;
import org.ptsanitize.converter.sanitize.ComplexNumber;
import org.ptsanitize.converter.sanitize.Leaf;
import org.ptsanitize.converter.sanitize.Node;
import org.ptsanitize.converter.sanitize.PythonFloat;
import org.ptsanitize.converter.sanitize.TorchConstant;
import org.ptsanitize.formats.bytes.Budget;
import org.ptsanitize.formats.bytes.ByteRange;
import org.ptsanitize.formats.bytes.Limit;
import org.ptsanitize.formats.bytes.MemorySource;
import org.ptsanitize.formats.bytes.Printable;
import org.ptsanitize.formats.json.StrictJson;
import org.ptsanitize.formats.pickle.PickleValue.BigInt;
import org.ptsanitize.formats.pickle.PickleValue.Bytes;
import org.ptsanitize.formats.pickle.PickleValue.BytesKind;

/** Reads the leaves of a tree. A number has one spelling: the one Python prints. */
final class Scalars {
    private static final long EXACT = 1L << 53;
    private static final int LONG_DIGITS = 16;

    private final StrictJson json;
    private final Budget budget;

    Scalars(StrictJson json, Budget budget) {
        this.json = json;
        this.budget = budget;
    }

    /** A key of a mapping. */
    Leaf key() throws IOException {
        if (json.peek() != JsonToken.BEGIN_OBJECT) {
            return plain();
        }
        json.beginObject();
        Node key = tagged(json.name());
        json.endObject();
        if (key instanceof Leaf leaf && TreeReader.isKey(leaf.value())) {
            return leaf;
        }
        throw json.wrong("a key that no mapping can have");
    }

    /** A leaf that JSON has a form for. */
    Leaf plain() throws IOException {
        return switch (json.peek()) {
            case NULL -> {
                json.nullValue();
                yield Leaf.NONE;
            }
            case BOOLEAN -> Leaf.of(json.bool());
            case STRING -> {
                String text = json.text();
                budget.spendMemory(2L * text.length(), 0);
                yield Leaf.of(text);
            }
            case NUMBER -> number(json.number());
            case BEGIN_ARRAY, END_ARRAY, BEGIN_OBJECT, END_OBJECT, NAME, END_DOCUMENT ->
                throw json.wrong("a container where none can be");
        };
    }

    private Leaf number(String text) throws IOException {
        if (isWhole(text) && text.length() <= LONG_DIGITS + 1) {
            long value = Long.parseLong(text);
            if (Math.abs(value) < EXACT) {
                return Leaf.of(value);
            }
        } else if (text.length() <= 32) {
            double value = Double.parseDouble(text);
            if (PythonFloat.repr(value).equals(text)) {
                return Leaf.of(value);
            }
        }
        throw json.wrong("the number " + Printable.quote(text) + ", spelled in a way it never is");
    }

    private static boolean isWhole(String text) {
        int start = text.startsWith("-") ? 1 : 0;
        boolean good = text.length() > start && !(text.length() > 1 && text.charAt(start) == '0');
        for (int i = start; i < text.length() && good; i++) {
            good = text.charAt(i) >= '0' && text.charAt(i) <= '9';
        }
        return good;
    }

    /** The value behind a tag. */
    Node tagged(String tag) throws IOException {
        return switch (tag) {
            case "$int" -> whole(json.text());
            case "$float" -> special(json.text());
            case "$complex" -> complex();
            case "$bytes" -> bytes(BytesKind.BYTES);
            case "$bytearray" -> bytes(BytesKind.BYTEARRAY);
            case "$utf16" -> Leaf.of(units(json));
            case "$dtype" -> TreeReader.constant(json, TorchConstant.Kind.DTYPE);
            case "$device" -> TreeReader.constant(json, TorchConstant.Kind.DEVICE);
            case "$layout" -> TreeReader.constant(json, TorchConstant.Kind.LAYOUT);
            default -> throw json.wrong("the unknown tag " + Printable.quote(tag));
        };
    }

    /** An integer that a JSON number cannot hold exactly everywhere. */
    private Leaf whole(String text) throws IOException {
        // The limit counts bytes where a pickle holds the integer; a byte is less than 2.5 digits.
        budget.check(Limit.INTEGER, text.length() * 2L / 5, "the metadata");
        if (!isWhole(text)) {
            throw json.wrong("the integer " + Printable.quote(text));
        }
        BigInteger value = new BigInteger(text);
        if (value.abs().bitLength() <= 53) {
            throw json.wrong("the integer " + Printable.quote(text) + ", spelled in a way it never is");
        }
        budget.spendMemory(text.length(), 0);
        return value.bitLength() < Long.SIZE ? Leaf.of(value.longValueExact()) : new Leaf(new BigInt(value));
    }

    private Leaf special(String text) throws IOException {
        return switch (text) {
            case "nan" -> Leaf.of(Double.NaN);
            case "inf" -> Leaf.of(Double.POSITIVE_INFINITY);
            case "-inf" -> Leaf.of(Double.NEGATIVE_INFINITY);
            default -> throw json.wrong("the float " + Printable.quote(text));
        };
    }

    private Node complex() throws IOException {
        json.beginArray();
        double real = part();
        double imaginary = part();
        json.endArray();
        return new ComplexNumber(real, imaginary);
    }

    private double part() throws IOException {
        String text = json.text();
        double value =
                switch (text) {
                    case "nan" -> Double.NaN;
                    case "inf" -> Double.POSITIVE_INFINITY;
                    case "-inf" -> Double.NEGATIVE_INFINITY;
                    default -> finite(text);
                };
        if (!PythonFloat.repr(value).equals(text)) {
            throw json.wrong("the float " + Printable.quote(text));
        }
        return value;
    }

    private double finite(String text) throws IOException {
        boolean number = text.length() <= 32 && text.chars().allMatch(c -> "0123456789.e+-".indexOf(c) >= 0);
        try {
            if (number) {
                return Double.parseDouble(text);
            }
        } catch (NumberFormatException e) {
            // Told below.
        }
        throw json.wrong("the float " + Printable.quote(text));
    }

    private Leaf bytes(BytesKind kind) throws IOException {
        String text = json.text();
        budget.spendMemory(text.length(), 0);
        byte[] bytes;
        try {
            bytes = Base64.getDecoder().decode(text);
        } catch (IllegalArgumentException e) {
            throw json.wrong("bytes that are no base64");
        }
        if (!Base64.getEncoder().encodeToString(bytes).equals(text)) {
            throw json.wrong("bytes that are no canonical base64");
        }
        MemorySource source = MemorySource.of("metadata", bytes);
        return new Leaf(new Bytes(kind, new ByteRange(source, 0, bytes.length)));
    }

    /** The text that an array of UTF-16 units spells. */
    static String units(StrictJson json) throws IOException {
        StringBuilder text = new StringBuilder();
        json.beginArray();
        while (json.hasNext()) {
            long unit = json.whole();
            if (unit > Character.MAX_VALUE) {
                throw json.wrong("a UTF-16 unit of " + unit);
            }
            text.append((char) unit);
        }
        json.endArray();
        return text.toString();
    }
}
