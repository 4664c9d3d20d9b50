package org.ptsanitize.formats.safetensors;

import com.google.gson.Strictness;
import com.google.gson.stream.JsonReader;
import com.google.gson.stream.JsonToken;
import com.google.gson.stream.MalformedJsonException;
import java.io.EOFException;
import java.io.IOException;
import java.io.Reader;
import java.nio.channels.Channels;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.ptsanitize.formats.bytes.Budget;
import org.ptsanitize.formats.bytes.ByteSource;
import org.ptsanitize.formats.bytes.FileFormatException;
import org.ptsanitize.formats.bytes.MalformedFileException;
import org.ptsanitize.formats.bytes.Printable;
import org.ptsanitize.formats.bytes.UnsupportedFileException;
import org.ptsanitize.formats.tensor.Shape;

/**
 * The strict reader of one header. Gson only cuts the text into tokens: even when strict it takes {@code 2.0} and
 * {@code "2"} for a long, and leaves equal names to its caller, so that is checked here.
 */
final class HeaderReader {
    /** Heap of an entry of the metadata, less its letters. */
    private static final int HEAP_PER_ENTRY = 200;

    private static final int WINDOW = 1 << 16;

    private final TokenGuard text;
    private final JsonReader json;
    private final Budget budget;
    private final Target target;
    private final long[] numbers = new long[Shape.MAX_RANK];
    private String subject = "";
    private @Nullable SortedMap<String, String> metadata;
    private @Nullable SafetensorsTensor last;

    /** Takes the tensors in the order of the header. */
    interface Target {
        /** @param offset about where in the file the tensor is described */
        void accept(SafetensorsTensor tensor, long offset) throws IOException;
    }

    HeaderReader(ByteSource source, long length, Budget budget, Target target) throws MalformedFileException {
        ByteSource header = source.slice("header", SafetensorsHeader.PREFIX, length);
        Reader chars = Channels.newReader(new SourceChannel(header), StandardCharsets.UTF_8.newDecoder(), WINDOW);
        this.text = new TokenGuard(chars, budget);
        this.json = new JsonReader(text);
        this.json.setStrictness(Strictness.STRICT);
        this.budget = budget;
        this.target = target;
    }

    /** Reads the header to its end. Returns the metadata. */
    SortedMap<String, String> read() throws IOException {
        try {
            json.beginObject();
            while (json.hasNext()) {
                readMember(json.nextName());
            }
            json.endObject();
            if (json.peek() != JsonToken.END_DOCUMENT) {
                throw new MalformedFileException("text after the end of the safetensors header");
            }
        } catch (FileFormatException e) {
            throw e;
        } catch (CharacterCodingException e) {
            throw new MalformedFileException("the safetensors header is not UTF-8", here());
        } catch (MalformedJsonException | EOFException | IllegalStateException | NumberFormatException e) {
            throw new MalformedFileException("the safetensors header is not strict JSON", here());
        }
        return metadata == null ? new TreeMap<>() : metadata;
    }

    private String here() {
        return last == null ? "" : "after tensor " + last;
    }

    private void readMember(String name) throws IOException {
        text.next();
        if (name.equals(SafetensorsHeader.METADATA)) {
            readMetadata();
            return;
        }
        SafetensorsTensor tensor = readTensor(name);
        target.accept(tensor, text.offset());
        last = tensor;
    }

    private void readMetadata() throws IOException {
        if (metadata != null) {
            throw new MalformedFileException("two members are called \"" + SafetensorsHeader.METADATA + "\"");
        }
        SortedMap<String, String> read = new TreeMap<>();
        metadata = read;
        if (json.peek() == JsonToken.NULL) {
            json.nextNull();
            return;
        }
        subject = SafetensorsHeader.METADATA;
        expect(JsonToken.BEGIN_OBJECT, "");
        json.beginObject();
        while (json.hasNext()) {
            String key = json.nextName();
            text.next();
            expect(JsonToken.STRING, key);
            String value = json.nextString();
            text.next();
            budget.spendMemory(HEAP_PER_ENTRY + 2L * key.length() + 2L * value.length(), text.offset());
            if (read.putIfAbsent(key, value) != null) {
                throw new MalformedFileException(what(key) + " is given twice");
            }
        }
        json.endObject();
    }

    private SafetensorsTensor readTensor(String name) throws IOException {
        subject = name;
        expect(JsonToken.BEGIN_OBJECT, "");
        json.beginObject();
        SafetensorsType type = null;
        long[] shape = null;
        long[] offsets = null;
        while (json.hasNext()) {
            String field = json.nextName();
            switch (field) {
                case "dtype" -> type = once(type, readType(), field);
                case "shape" -> shape = once(shape, readNumbers(field), field);
                case "data_offsets" -> offsets = once(offsets, readNumbers(field), field);
                default -> throw new MalformedFileException(what(field) + " is an unknown field");
            }
        }
        json.endObject();
        if (type == null || shape == null || offsets == null) {
            String missing = type == null ? "dtype" : shape == null ? "shape" : "data_offsets";
            throw new MalformedFileException(what("") + " has no " + missing);
        }
        if (offsets.length != 2) {
            throw new MalformedFileException(what("data_offsets") + " has " + offsets.length + " numbers, 2 expected");
        }
        checkLength(type, shape, offsets);
        return new SafetensorsTensor(name, type, shape, offsets[0], offsets[1]);
    }

    private <T> T once(@Nullable T before, T now, String field) throws MalformedFileException {
        if (before != null) {
            throw new MalformedFileException(what(field) + " is given twice");
        }
        return now;
    }

    private SafetensorsType readType() throws IOException {
        expect(JsonToken.STRING, "dtype");
        String name = json.nextString();
        Optional<SafetensorsType> type = SafetensorsType.ofName(name);
        if (type.isEmpty()) {
            throw new UnsupportedFileException(what("") + " has the unknown dtype " + Printable.quote(name));
        }
        return type.get();
    }

    private long[] readNumbers(String field) throws IOException {
        expect(JsonToken.BEGIN_ARRAY, field);
        json.beginArray();
        int count = 0;
        while (json.hasNext()) {
            if (count == numbers.length) {
                throw new MalformedFileException(what(field) + " has more than " + numbers.length + " numbers");
            }
            expect(JsonToken.NUMBER, field);
            numbers[count++] = number(json.nextString(), field);
        }
        json.endArray();
        return Arrays.copyOf(numbers, count);
    }

    /** A number of the form {@code 0|[1-9][0-9]*} below 2^63. */
    private long number(String digits, String field) throws MalformedFileException {
        long value = 0;
        boolean wrong = digits.isEmpty() || digits.length() > 19 || (digits.length() > 1 && digits.charAt(0) == '0');
        for (int i = 0; i < digits.length() && !wrong; i++) {
            char c = digits.charAt(i);
            wrong = c < '0' || c > '9';
            value = value * 10 + (c - '0');
        }
        if (wrong || value < 0) {
            throw new MalformedFileException(
                    what(field) + " has " + Printable.quote(digits) + ", a whole number below 2^63 expected");
        }
        return value;
    }

    private void expect(JsonToken token, String field) throws IOException {
        JsonToken found = json.peek();
        if (found != token) {
            throw new MalformedFileException(
                    what(field) + " is " + describe(found) + ", " + describe(token) + " expected");
        }
    }

    private static String describe(JsonToken token) {
        return switch (token) {
            case BEGIN_ARRAY -> "an array";
            case BEGIN_OBJECT -> "an object";
            case STRING -> "a text";
            case NUMBER -> "a number";
            case BOOLEAN -> "true or false";
            case NULL -> "null";
            case NAME -> "a name";
            case END_ARRAY, END_OBJECT, END_DOCUMENT -> "an end";
        };
    }

    private void checkLength(SafetensorsType type, long[] shape, long[] offsets) throws MalformedFileException {
        long bits = bits(type, shape);
        if (bits % Byte.SIZE != 0) {
            throw new MalformedFileException(
                    what("shape") + " " + Arrays.toString(shape) + " of " + type + " does not fill whole bytes");
        }
        long length = offsets[1] - offsets[0];
        if (length < 0) {
            throw new MalformedFileException(
                    what("data_offsets") + " end in front of their start: " + Arrays.toString(offsets));
        }
        if (length != bits / Byte.SIZE) {
            throw new MalformedFileException(what("") + " has " + length + " bytes, " + bits / Byte.SIZE
                    + " expected for " + type + " " + Arrays.toString(shape));
        }
    }

    private long bits(SafetensorsType type, long[] shape) throws MalformedFileException {
        try {
            return Math.multiplyExact(Shape.elements(shape, ""), type.bits());
        } catch (MalformedFileException | ArithmeticException e) {
            throw new MalformedFileException(what("shape") + " " + Arrays.toString(shape) + " overflows 64 bits");
        }
    }

    /** How messages call what is read right now: made only when there is a message. */
    private String what(String field) {
        String of = field.isEmpty() ? "" : ": " + Printable.quote(field);
        return (subject.equals(SafetensorsHeader.METADATA) ? "the metadata" : "tensor " + Printable.quote(subject))
                + of;
    }
}
