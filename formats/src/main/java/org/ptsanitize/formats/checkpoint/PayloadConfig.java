package org.ptsanitize.formats.checkpoint;

import com.google.gson.stream.JsonToken;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import org.jspecify.annotations.Nullable;
import org.ptsanitize.formats.bytes.Budget;
import org.ptsanitize.formats.bytes.ByteSource;
import org.ptsanitize.formats.bytes.MalformedFileException;
import org.ptsanitize.formats.bytes.Printable;
import org.ptsanitize.formats.json.StrictJson;

/**
 * The JSON beside the payloads of an exported program: {@code {"config": {name: {"path_name": file, "is_param": bool,
 * "use_pickle": bool, "tensor_meta": {"dtype": 7, "sizes": [{"as_int": 2}], …}}}}} (the class {@code PayloadConfig} of
 * torch's {@code _export/serde/schema.py}).
 */
record PayloadConfig(List<Payload> payloads) {
    private static final int LARGEST_RANK = 64;

    /**
     * One value.
     *
     * @param name its full name in the program
     * @param file the record with its bytes
     * @param parameter whether it is an {@code nn.Parameter}
     * @param pickled whether the record is an archive or pickle of its own, not the bytes of a storage
     * @param tensor how the bytes of the storage make a tensor; absent for an object
     */
    record Payload(String name, String file, boolean parameter, boolean pickled, Optional<TensorMeta> tensor) {}

    /**
     * @param dtype the number of a {@code ScalarType} of the schema
     * @param layout the number of a {@code Layout} of the schema
     */
    record TensorMeta(int dtype, int layout, long offset, long[] sizes, long[] strides) {}

    /**
     * Reads a document.
     *
     * @param subject how messages call it
     */
    static PayloadConfig read(ByteSource source, String subject, Budget budget) throws IOException {
        StrictJson json = StrictJson.of(source, subject, budget);
        return new PayloadConfig(new Reader(json).read());
    }

    private static final class Reader {
        private final StrictJson json;
        private final List<Payload> payloads = new ArrayList<>();

        Reader(StrictJson json) {
            this.json = json;
        }

        List<Payload> read() throws IOException {
            boolean[] found = new boolean[1];
            json.object(name -> {
                if (name.equals("config")) {
                    found[0] = true;
                    json.object(this::payload);
                }
                return name.equals("config");
            });
            json.end();
            if (!found[0]) {
                throw json.wrong("no member 'config'");
            }
            return payloads;
        }

        private boolean payload(String name) throws IOException {
            Fields fields = new Fields();
            json.object(fields::read);
            if (fields.file == null || fields.pickled == null || !fields.pickled && fields.tensor.isEmpty()) {
                throw json.wrong("the entry " + Printable.quote(name) + " without what describes its payload");
            }
            payloads.add(new Payload(name, fields.file, fields.parameter, fields.pickled, fields.tensor));
            return true;
        }

        private final class Fields {
            private @Nullable String file;
            private @Nullable Boolean pickled;
            private boolean parameter;
            private Optional<TensorMeta> tensor = Optional.empty();

            boolean read(String name) throws IOException {
                switch (name) {
                    case "path_name" -> file = json.text();
                    case "is_param" -> parameter = json.bool();
                    case "use_pickle" -> pickled = json.bool();
                    case "tensor_meta" -> tensor = meta();
                    default -> {
                        return false;
                    }
                }
                return true;
            }
        }

        private Optional<TensorMeta> meta() throws IOException {
            if (json.peek() == JsonToken.NULL) {
                json.nullValue();
                return Optional.empty();
            }
            MetaFields fields = new MetaFields();
            json.object(fields::read);
            if (fields.dtype.isEmpty() || fields.layout.isEmpty() || fields.sizes == null || fields.strides == null) {
                throw json.wrong("a tensor_meta without a dtype, a layout, sizes or strides");
            }
            return Optional.of(new TensorMeta(
                    fields.dtype.getAsInt(), fields.layout.getAsInt(), fields.offset, fields.sizes, fields.strides));
        }

        private final class MetaFields {
            private OptionalInt dtype = OptionalInt.empty();
            private OptionalInt layout = OptionalInt.empty();
            private long offset;
            private long @Nullable [] sizes;
            private long @Nullable [] strides;

            boolean read(String name) throws IOException {
                switch (name) {
                    case "dtype" -> dtype = OptionalInt.of(small());
                    case "layout" -> layout = OptionalInt.of(small());
                    case "sizes" -> sizes = integers();
                    case "strides" -> strides = integers();
                    case "storage_offset" -> offset = integer();
                    default -> {
                        return false;
                    }
                }
                return true;
            }
        }

        private int small() throws IOException {
            long number = json.whole();
            if (number > Short.MAX_VALUE) {
                throw json.wrong("the number " + number + " for a dtype or layout");
            }
            return (int) number;
        }

        private long[] integers() throws IOException {
            long[] numbers = new long[LARGEST_RANK];
            int count = 0;
            json.beginArray();
            while (json.hasNext()) {
                if (count == LARGEST_RANK) {
                    throw json.wrong("a tensor of more than " + LARGEST_RANK + " dimensions");
                }
                numbers[count++] = integer();
            }
            json.endArray();
            return Arrays.copyOf(numbers, count);
        }

        /** {@code {"as_int": 4}}: an expression in its place has no value in the file. */
        private long integer() throws IOException {
            long[] value = {-1};
            json.object(name -> {
                if (!name.equals("as_int")) {
                    throw json.wrong("a size that is an expression, not a number");
                }
                value[0] = json.whole();
                return true;
            });
            if (value[0] < 0) {
                throw new MalformedFileException("a size without a number");
            }
            return value[0];
        }
    }
}
