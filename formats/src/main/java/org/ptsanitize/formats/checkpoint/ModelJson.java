package org.ptsanitize.formats.checkpoint;

import com.google.gson.stream.JsonToken;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;
import org.ptsanitize.formats.bytes.Budget;
import org.ptsanitize.formats.bytes.ByteSource;
import org.ptsanitize.formats.bytes.Limit;
import org.ptsanitize.formats.bytes.Printable;
import org.ptsanitize.formats.json.StrictJson;

/**
 * The {@code model.json} of TorchScript 1.0 to 1.3: the message {@code ModelDef} of {@code caffe2/proto/torch.proto} in
 * the JSON form of protocol buffers, where 64-bit numbers are texts and names are in camel case. Only what leads to
 * tensors is kept; modules are flattened to paths.
 *
 * @param version the protocol version: 1 has no pickled attributes, later ones may
 * @param tensors the tensor table, by place
 * @param values parameters, buffers and attributes in the order of the modules
 */
record ModelJson(long version, List<TensorDef> tensors, List<ValueDef> values) {
    private static final int ENTRY_BYTES = 200;
    private static final int DEEPEST = 1_000;

    /**
     * A view of a record.
     *
     * @param type the name of a caffe2 {@code TensorProto.DataType}
     */
    record TensorDef(
            String type,
            String record,
            List<Long> sizes,
            List<Long> strides,
            long offset,
            boolean requiresGrad,
            boolean quantized,
            double scale,
            long zeroPoint) {}

    /**
     * A named value.
     *
     * @param tensor its place in the tensor table; empty for a pickled one
     * @param pickled its place in the pickled values; empty for a tensor
     */
    record ValueDef(String path, OptionalLong tensor, OptionalLong pickled) {}

    static ModelJson read(ByteSource source, String subject, Budget budget) throws IOException {
        return new Reader(StrictJson.of(source, subject, budget), budget).read();
    }

    private static final class Reader {
        private final StrictJson json;
        private final Budget budget;
        private final List<TensorDef> tensors = new ArrayList<>();
        private final List<ValueDef> values = new ArrayList<>();
        private long version;

        Reader(StrictJson json, Budget budget) {
            this.json = json;
            this.budget = budget;
        }

        /** Reads a message. A field may be written in camel case or as the schema spells it. */
        private void message(StrictJson.Member field) throws IOException {
            json.object(Reader::camelCase, field);
        }

        private static String camelCase(String name) {
            StringBuilder camel = new StringBuilder(name.length());
            boolean upper = false;
            for (int i = 0; i < name.length(); i++) {
                char c = name.charAt(i);
                camel.append(upper && c >= 'a' && c <= 'z' ? (char) (c - 'a' + 'A') : c == '_' ? "" : c);
                upper = c == '_';
            }
            return camel.toString();
        }

        /** Reads one item of a repeated field. */
        private interface Item {
            void read() throws IOException;
        }

        private void repeated(Item item) throws IOException {
            json.beginArray();
            while (json.hasNext()) {
                budget.spendMemory(ENTRY_BYTES, 0);
                item.read();
            }
            json.endArray();
        }

        ModelJson read() throws IOException {
            message(name -> {
                switch (name) {
                    case "protoVersion" -> version = integer();
                    case "tensors" -> repeated(this::tensor);
                    case "mainModule" -> values.addAll(module(0).values());
                    default -> {
                        return false;
                    }
                }
                return true;
            });
            json.end();
            return new ModelJson(version, tensors, values);
        }

        private final class TensorFields {
            private String type = "";
            private String record = "";
            private final List<Long> sizes = new ArrayList<>();
            private final List<Long> strides = new ArrayList<>();
            private long offset;
            private boolean requiresGrad;
            private boolean quantized;
            private double scale;
            private long zeroPoint;

            boolean read(String name) throws IOException {
                switch (name) {
                    case "dims" -> repeated(() -> sizes.add(integer()));
                    case "strides" -> repeated(() -> strides.add(integer()));
                    case "offset" -> offset = integer();
                    case "requiresGrad" -> requiresGrad = json.bool();
                    case "dataType" -> type = json.text();
                    case "data" -> message(this::key);
                    case "isQuantized" -> quantized = json.bool();
                    case "scale" -> scale = real();
                    case "zeroPoint" -> zeroPoint = integer();
                    default -> {
                        return false;
                    }
                }
                return true;
            }

            private boolean key(String name) throws IOException {
                boolean key = name.equals("key");
                if (key) {
                    record = json.text();
                }
                return key;
            }
        }

        private void tensor() throws IOException {
            TensorFields f = new TensorFields();
            message(f::read);
            tensors.add(new TensorDef(
                    f.type,
                    f.record,
                    List.copyOf(f.sizes),
                    List.copyOf(f.strides),
                    f.offset,
                    f.requiresGrad,
                    f.quantized,
                    f.scale,
                    f.zeroPoint));
        }

        /** A module under way: its own values go before those of its submodules, whatever the order of the fields. */
        private static final class Module {
            private String name = "";
            private final List<ValueDef> own = new ArrayList<>();
            private final List<ValueDef> below = new ArrayList<>();
        }

        /** The values of a module, their paths relative to it. */
        private record Parsed(String name, List<ValueDef> values) {}

        private Parsed module(int depth) throws IOException {
            budget.check(Limit.DEPTH, depth, "modules in model.json");
            if (depth > DEEPEST) {
                throw json.wrong("modules nested more than " + DEEPEST + " deep");
            }
            Module module = new Module();
            message(name -> {
                switch (name) {
                    case "name" -> module.name = json.text();
                    case "parameters" -> repeated(() -> module.own.add(value("tensorId")));
                    case "attributes" -> repeated(() -> module.own.add(value("id")));
                    case "getStateAttributeId" ->
                        module.own.add(new ValueDef("state", OptionalLong.empty(), OptionalLong.of(integer())));
                    case "submodules" ->
                        repeated(() -> {
                            Parsed child = module(depth + 1);
                            for (ValueDef value : child.values()) {
                                budget.spendMemory(ENTRY_BYTES, 0);
                                module.below.add(new ValueDef(
                                        child.name() + "." + value.path(), value.tensor(), value.pickled()));
                            }
                        });
                    default -> {
                        return false;
                    }
                }
                return true;
            });
            List<ValueDef> all = new ArrayList<>(module.own);
            all.addAll(module.below);
            return new Parsed(module.name, all);
        }

        /** A parameter with its place in the tensor table, or an attribute with its place in the pickled values. */
        private ValueDef value(String place) throws IOException {
            String[] name = {""};
            long[] id = {-1};
            message(field -> {
                if (field.equals("name")) {
                    name[0] = json.text();
                } else if (field.equals(place)) {
                    id[0] = integer();
                } else {
                    return false;
                }
                return true;
            });
            OptionalLong at = id[0] < 0 ? OptionalLong.empty() : OptionalLong.of(id[0]);
            boolean tensor = place.equals("tensorId");
            return new ValueDef(name[0], tensor ? at : OptionalLong.empty(), tensor ? OptionalLong.empty() : at);
        }

        /** A 64-bit integer: a text in this form of JSON, a number in the hands of other writers. */
        private long integer() throws IOException {
            String digits = json.peek() == JsonToken.STRING ? json.text() : json.number();
            boolean negative = digits.startsWith("-");
            String positive = negative ? digits.substring(1) : digits;
            boolean whole = !positive.isEmpty()
                    && positive.length() <= 18
                    && positive.chars().allMatch(c -> c >= '0' && c <= '9');
            if (!whole) {
                throw json.wrong("the number " + Printable.quote(digits) + ", a whole one expected");
            }
            return Long.parseLong(digits);
        }

        private double real() throws IOException {
            String text = json.peek() == JsonToken.STRING ? json.text() : json.number();
            if (!text.matches("-?[0-9]{1,400}(\\.[0-9]{1,400})?([eE][+-]?[0-9]{1,4})?")) {
                throw json.wrong("the scale " + Printable.quote(text));
            }
            return Double.parseDouble(text);
        }
    }
}
