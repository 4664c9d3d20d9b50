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
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
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
 * {@code "2"} for a long, keeps the last of equal names and lets lone surrogates pass, so all of that is checked here.
 */
final class HeaderReader {
    /** Measured bytes of heap of a tensor and its place in the index, less its shape and the letters of its name. */
    private static final int HEAP_PER_TENSOR = 200;

    private static final int WINDOW = 1 << 16;

    private static final Comparator<SafetensorsTensor> BY_POSITION =
            Comparator.comparingLong(SafetensorsTensor::begin).thenComparingLong(SafetensorsTensor::end);

    private final TokenGuard text;
    private final JsonReader json;
    private final Budget budget;
    private final List<SafetensorsTensor> tensors = new ArrayList<>();
    private final Map<String, SafetensorsTensor> byName = new HashMap<>();
    private final long[] sizes = new long[Shape.MAX_RANK];
    private @Nullable SortedMap<String, String> metadata;

    HeaderReader(ByteSource source, long length, Budget budget) throws MalformedFileException {
        ByteSource header = source.slice("header", SafetensorsHeader.PREFIX, length);
        Reader chars = Channels.newReader(new SourceChannel(header), StandardCharsets.UTF_8.newDecoder(), WINDOW);
        this.text = new TokenGuard(chars, budget);
        this.json = new JsonReader(text);
        this.json.setStrictness(Strictness.STRICT);
        this.budget = budget;
    }

    SafetensorsHeader read(long dataStart, long dataLength) throws IOException {
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
        checkCoverage(dataLength);
        return new SafetensorsHeader(tensors, byName, metadata == null ? new TreeMap<>() : metadata, dataStart);
    }

    private String here() {
        return tensors.isEmpty() ? "" : "after tensor " + tensors.get(tensors.size() - 1);
    }

    private void readMember(String name) throws IOException {
        text.next();
        checkUnicode(name);
        if (name.equals(SafetensorsHeader.METADATA)) {
            readMetadata();
            return;
        }
        budget.spendMemory(HEAP_PER_TENSOR + 2L * name.length(), tensors.size());
        SafetensorsTensor tensor = readTensor(name);
        if (byName.putIfAbsent(name, tensor) != null) {
            throw new MalformedFileException("two tensors are called " + tensor);
        }
        tensors.add(tensor);
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
        expect(JsonToken.BEGIN_OBJECT, "the metadata");
        json.beginObject();
        while (json.hasNext()) {
            String key = json.nextName();
            text.next();
            String what = "metadata " + Printable.quote(key);
            expect(JsonToken.STRING, what);
            String value = json.nextString();
            text.next();
            checkUnicode(key);
            checkUnicode(value);
            budget.spendMemory(HEAP_PER_TENSOR + 2L * key.length() + 2L * value.length(), 0);
            if (read.putIfAbsent(key, value) != null) {
                throw new MalformedFileException(what + " is given twice");
            }
        }
        json.endObject();
    }

    private SafetensorsTensor readTensor(String name) throws IOException {
        String what = "tensor " + Printable.quote(name);
        expect(JsonToken.BEGIN_OBJECT, what);
        json.beginObject();
        SafetensorsType type = null;
        long[] shape = null;
        long[] offsets = null;
        while (json.hasNext()) {
            String field = json.nextName();
            switch (field) {
                case "dtype" -> type = once(type, readType(what), field, what);
                case "shape" -> shape = once(shape, readNumbers(what + ": shape"), field, what);
                case "data_offsets" -> offsets = once(offsets, readNumbers(what + ": data_offsets"), field, what);
                default -> throw new MalformedFileException(what + " has an unknown field " + Printable.quote(field));
            }
        }
        json.endObject();
        if (type == null || shape == null || offsets == null) {
            throw new MalformedFileException(
                    what + " has no " + (type == null ? "dtype" : shape == null ? "shape" : "data_offsets"));
        }
        if (offsets.length != 2) {
            throw new MalformedFileException(what + " has " + offsets.length + " data_offsets, 2 expected");
        }
        checkLength(what, type, shape, offsets);
        return new SafetensorsTensor(name, type, shape, offsets[0], offsets[1]);
    }

    private static <T> T once(@Nullable T before, T now, String field, String what) throws MalformedFileException {
        if (before != null) {
            throw new MalformedFileException(what + " has two fields " + Printable.quote(field));
        }
        return now;
    }

    private SafetensorsType readType(String what) throws IOException {
        expect(JsonToken.STRING, what + ": dtype");
        String name = json.nextString();
        return SafetensorsType.ofName(name)
                .orElseThrow(
                        () -> new UnsupportedFileException(what + " has the unknown dtype " + Printable.quote(name)));
    }

    private long[] readNumbers(String what) throws IOException {
        expect(JsonToken.BEGIN_ARRAY, what);
        json.beginArray();
        int count = 0;
        while (json.hasNext()) {
            if (count == sizes.length) {
                throw new MalformedFileException(what + " has more than " + sizes.length + " numbers");
            }
            expect(JsonToken.NUMBER, what);
            sizes[count++] = number(json.nextString(), what);
        }
        json.endArray();
        budget.spendMemory(16 + 8L * count, 0);
        return Arrays.copyOf(sizes, count);
    }

    /** A number of the form {@code 0|[1-9][0-9]*} below 2^63. */
    private static long number(String digits, String what) throws MalformedFileException {
        long value = 0;
        boolean wrong = digits.isEmpty() || digits.length() > 19 || (digits.length() > 1 && digits.charAt(0) == '0');
        for (int i = 0; i < digits.length() && !wrong; i++) {
            char c = digits.charAt(i);
            wrong = c < '0' || c > '9';
            value = value * 10 + (c - '0');
        }
        if (wrong || value < 0) {
            throw new MalformedFileException(
                    what + " has " + Printable.quote(digits) + ", a whole number below 2^63 expected");
        }
        return value;
    }

    private void expect(JsonToken token, String what) throws IOException {
        JsonToken found = json.peek();
        if (found != token) {
            throw new MalformedFileException(what + " is " + describe(found) + ", " + describe(token) + " expected");
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

    private static void checkLength(String what, SafetensorsType type, long[] shape, long[] offsets)
            throws MalformedFileException {
        long elements = Shape.elements(shape, what);
        if (elements > Long.MAX_VALUE / type.bits()) {
            throw new MalformedFileException(what + ": shape " + Arrays.toString(shape) + " overflows 64 bits");
        }
        long bits = elements * type.bits();
        if (bits % Byte.SIZE != 0) {
            throw new MalformedFileException(
                    what + ": " + elements + " elements of " + type.bits() + " bits do not fill whole bytes");
        }
        long length = offsets[1] - offsets[0];
        if (length < 0) {
            throw new MalformedFileException(what + " ends in front of its start: " + Arrays.toString(offsets));
        }
        if (length != bits / Byte.SIZE) {
            throw new MalformedFileException(what + " has " + length + " bytes, " + bits / Byte.SIZE + " expected for "
                    + type + " " + Arrays.toString(shape));
        }
    }

    private void checkCoverage(long dataLength) throws MalformedFileException {
        long end = 0;
        for (SafetensorsTensor tensor : byPosition()) {
            if (tensor.begin() != end) {
                throw new MalformedFileException("tensor " + tensor + " starts at byte " + tensor.begin()
                        + " of the data, " + end + " expected");
            }
            end = tensor.end();
        }
        if (end != dataLength) {
            throw new MalformedFileException("the tensors take " + end + " bytes, the file has " + dataLength);
        }
    }

    private List<SafetensorsTensor> byPosition() {
        for (int i = 1; i < tensors.size(); i++) {
            if (BY_POSITION.compare(tensors.get(i - 1), tensors.get(i)) > 0) {
                List<SafetensorsTensor> sorted = new ArrayList<>(tensors);
                sorted.sort(BY_POSITION);
                return sorted;
            }
        }
        return tensors;
    }

    private static void checkUnicode(String text) throws MalformedFileException {
        if (!Utf8.isEncodable(text)) {
            throw new MalformedFileException("the text " + Printable.quote(text) + " has an unpaired surrogate");
        }
    }
}
