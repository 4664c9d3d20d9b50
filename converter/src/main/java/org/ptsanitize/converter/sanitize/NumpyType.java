package org.ptsanitize.converter.sanitize;

import java.io.IOException;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.ptsanitize.converter.policy.Meaning;
import org.ptsanitize.formats.pickle.PickleValue;
import org.ptsanitize.formats.pickle.PickleValue.Call;
import org.ptsanitize.formats.pickle.PickleValue.Global;
import org.ptsanitize.formats.pickle.PickleValue.Int;
import org.ptsanitize.formats.pickle.PickleValue.None;
import org.ptsanitize.formats.pickle.PickleValue.Tuple;
import org.ptsanitize.formats.tensor.DType;

/**
 * A numpy dtype as a pickle writes it: {@code dtype(code, align, copy)} and a state tuple whose length tells its layout.
 *
 * @param kind the kind character: b, i, u, f, c, O, S, U, V, M, m
 * @param size bytes of one item
 * @param order byte order of one item
 * @param fields the fields of a structured type, in order; empty for any other
 * @param unit unit of a datetime64 or timedelta64 such as {@code ns}; empty for any other
 */
record NumpyType(char kind, int size, ByteOrder order, List<Field> fields, String unit) {
    /**
     * A field of a structured type.
     *
     * @param inner the shape of a field that is an array in every record; empty for a single item
     */
    record Field(String name, NumpyType type, int offset, List<Long> inner) {
        /** Bytes of the field in one record. */
        long size() {
            long items = 1;
            for (long dimension : inner) {
                items *= dimension;
            }
            return items * type.size();
        }
    }

    private static final int MAX_ITEM = 1 << 28;
    private static final int MAX_NESTING = 8;

    /** The type that a value describes, or null if it has a form that numpy does not write. */
    static @Nullable NumpyType parse(PickleValue value) throws IOException {
        return parse(value, 0);
    }

    private static @Nullable NumpyType parse(PickleValue value, int depth) throws IOException {
        if (depth > MAX_NESTING
                || !(value instanceof Call call)
                || !(call.callable() instanceof Global global)
                || !global.dotted().equals("numpy.dtype")) {
            return null;
        }
        List<PickleValue> arguments = Invocation.sequence(call.arguments());
        if (arguments == null || arguments.isEmpty()) {
            return null;
        }
        if (arguments.get(0) instanceof Tuple description) {
            return ofDescription(description, depth);
        }
        NumpyType type = ofCode(PythonText.of(arguments.get(0)).orElse(""));
        if (type == null || call.states().isEmpty()) {
            return type;
        }
        return call.states().get(0) instanceof Tuple state ? type.withState(state, depth) : null;
    }

    /**
     * The records that a {@code .npy} header describes: (name, code) or (name, code, shape of an array in every record)
     * one after another, without gaps of their own.
     */
    private static @Nullable NumpyType ofDescription(Tuple description, int depth) throws IOException {
        List<Field> fields = new ArrayList<>();
        int offset = 0;
        for (PickleValue item : description.items()) {
            if (depth >= MAX_NESTING || !(item instanceof Tuple field) || field.size() < 2 || field.size() > 3) {
                return null;
            }
            NumpyType type = field.get(1) instanceof Tuple inner
                    ? ofDescription(inner, depth + 1)
                    : ofCode(PythonText.of(field.get(1)).orElse(""));
            List<Long> inner = field.size() == 3 ? innerShape(field.get(2)) : List.of();
            if (type == null || inner == null) {
                return null;
            }
            String name = field.get(0) instanceof Tuple titled && titled.size() == 2
                    ? PythonText.of(titled.get(1)).orElse("")
                    : PythonText.of(field.get(0)).orElse("");
            Field described = new Field(name, type, offset, inner);
            if (described.size() > MAX_ITEM - offset) {
                return null;
            }
            if (!name.isEmpty()) {
                fields.add(described);
            }
            offset += (int) described.size();
        }
        return fields.isEmpty() || !distinct(fields)
                ? null
                : new NumpyType('V', offset, ByteOrder.LITTLE_ENDIAN, fields, "");
    }

    /** Whether no name stands twice: numpy makes no record type of such fields, and tensors could not be told apart. */
    private static boolean distinct(List<Field> fields) {
        return fields.stream().map(Field::name).distinct().count() == fields.size();
    }

    /** A shape whose elements are few enough for one record, or null. */
    private static @Nullable List<Long> innerShape(PickleValue value) {
        if (!(value instanceof Tuple shape)) {
            return null;
        }
        List<Long> sizes = new ArrayList<>();
        long items = 1;
        for (PickleValue size : shape.items()) {
            if (!(size instanceof Int number) || number.value() < 0 || number.value() > MAX_ITEM) {
                return null;
            }
            items *= number.value();
            if (items > MAX_ITEM) {
                return null;
            }
            sizes.add(number.value());
        }
        return sizes;
    }

    /** The type of a code such as {@code f8}, {@code <i4} or {@code float64}. */
    static @Nullable NumpyType ofCode(String code) {
        String text = code;
        ByteOrder order = ByteOrder.LITTLE_ENDIAN;
        if (!text.isEmpty() && "<>|=".indexOf(text.charAt(0)) >= 0) {
            order = text.charAt(0) == '>' ? ByteOrder.BIG_ENDIAN : ByteOrder.LITTLE_ENDIAN;
            text = text.substring(1);
        }
        Optional<DType> named = DType.ofTorchName(text);
        if (named.isPresent() && text.length() > 3) {
            DType dtype = named.get();
            char kind = dtype == DType.BOOL ? 'b' : text.charAt(0);
            return new NumpyType(kind, dtype.size(), order, List.of(), "");
        }
        if (text.isEmpty() || "biufcOSUVMm".indexOf(text.charAt(0)) < 0) {
            return null;
        }
        char kind = text.charAt(0);
        String digits = text.substring(1);
        String unit = "";
        int bracket = digits.indexOf('[');
        if (bracket >= 0 && digits.endsWith("]")) {
            unit = digits.substring(bracket + 1, digits.length() - 1);
            digits = digits.substring(0, bracket);
        }
        if (!digits.matches("[0-9]{0,9}")) {
            return null;
        }
        int number = digits.isEmpty() ? 0 : Integer.parseInt(digits);
        if (number > MAX_ITEM / 4) {
            return null;
        }
        return new NumpyType(kind, kind == 'U' ? 4 * number : number, order, List.of(), unit);
    }

    /** States of 5 to 9 items: version first (from 6 on), then byte order, subarray, names, fields, size, alignment. */
    private @Nullable NumpyType withState(Tuple state, int depth) throws IOException {
        int n = state.size();
        if (n < 5 || n > 9) {
            return null;
        }
        int endianAt = n == 5 ? 0 : 1;
        String endian = PythonText.of(state.get(endianAt)).orElse("");
        ByteOrder byteOrder = endian.equals(">") ? ByteOrder.BIG_ENDIAN : ByteOrder.LITTLE_ENDIAN;
        boolean named = n >= 7;
        PickleValue subarray = state.get(endianAt + 1);
        PickleValue names = named ? state.get(endianAt + 2) : None.NONE;
        PickleValue fieldTypes = state.get(endianAt + (named ? 3 : 2));
        PickleValue itemSize = state.get(endianAt + (named ? 4 : 3));
        if (subarray != None.NONE) {
            return null;
        }
        int bytes = size;
        if (itemSize instanceof Int number && number.value() >= 0) {
            if (number.value() > MAX_ITEM) {
                return null;
            }
            bytes = (int) number.value();
        }
        List<Field> parsed = names == None.NONE ? List.of() : fields(names, fieldTypes, bytes, depth);
        if (parsed == null) {
            return null;
        }
        String dateUnit = n == 9 ? unit(state.get(8)) : unit;
        return new NumpyType(kind, bytes, byteOrder, parsed, dateUnit);
    }

    private static @Nullable List<Field> fields(PickleValue names, PickleValue types, int size, int depth)
            throws IOException {
        List<PickleValue> order = Invocation.sequence(names);
        Entries byName = ObjectState.mapping(types);
        if (order == null || byName == null) {
            return null;
        }
        List<Field> fields = new ArrayList<>();
        for (PickleValue item : order) {
            String name = PythonText.of(item).orElse(null);
            PickleValue entry = name == null ? null : byName.get(name);
            List<PickleValue> pair = entry == null ? null : Invocation.sequence(entry);
            if (pair == null || pair.size() < 2 || !(pair.get(1) instanceof Int offset)) {
                return null;
            }
            Field field = field(java.util.Objects.requireNonNull(name), pair.get(0), offset.value(), depth + 1);
            if (field == null || field.offset() > size - field.size()) {
                return null;
            }
            fields.add(field);
        }
        return distinct(fields) ? fields : null;
    }

    private static @Nullable Field field(String name, PickleValue dtype, long offset, int depth) throws IOException {
        if (offset < 0 || offset > MAX_ITEM) {
            return null;
        }
        Tuple subarray = subarray(dtype);
        if (subarray == null) {
            NumpyType type = parse(dtype, depth);
            return type == null ? null : new Field(name, type, (int) offset, List.of());
        }
        NumpyType base = subarray.size() == 2 ? parse(subarray.get(0), depth) : null;
        List<PickleValue> shape = base == null ? null : Invocation.sequence(subarray.get(1));
        if (base == null || shape == null || shape.size() > 8 || base.dtype().isEmpty()) {
            return null;
        }
        List<Long> inner = new ArrayList<>();
        long items = 1;
        for (PickleValue dimension : shape) {
            if (!(dimension instanceof Int number) || number.value() < 1 || number.value() > MAX_ITEM / items) {
                return null;
            }
            items *= number.value();
            inner.add(number.value());
        }
        return new Field(name, base, (int) offset, inner);
    }

    /** The {@code (base, shape)} of a type that is an array in every record, or null. */
    private static @Nullable Tuple subarray(PickleValue dtype) {
        if (!(dtype instanceof Call call) || call.states().isEmpty()) {
            return null;
        }
        return call.states().get(0) instanceof Tuple state
                        && state.size() >= 5
                        && state.get(state.size() == 5 ? 1 : 2) instanceof Tuple pair
                ? pair
                : null;
    }

    /** The unit in {@code (None, (b'ns', 1, 1, 1))}. */
    private static String unit(PickleValue metadata) throws IOException {
        List<PickleValue> pair = Invocation.sequence(metadata);
        List<PickleValue> inner = pair == null || pair.size() != 2 ? null : Invocation.sequence(pair.get(1));
        if (inner == null || inner.isEmpty()) {
            return "";
        }
        String name = unitName(inner.get(0));
        boolean many = inner.size() > 1 && inner.get(1) instanceof Int number && number.value() != 1;
        return many ? ((Int) inner.get(1)).value() + name : name;
    }

    /** Bytes, which protocol 2 spells {@code _codecs.encode('ns', 'latin1')}, or text. */
    private static String unitName(PickleValue value) throws IOException {
        if (value instanceof PickleValue.Bytes bytes) {
            return bytes.length() < 16 ? PythonText.latin1(bytes) : "";
        }
        PickleValue text = value;
        if (value instanceof Call call
                && call.callable() instanceof Global global
                && Meaning.of(global).filter(Meaning.ENCODE::equals).isPresent()) {
            List<PickleValue> arguments = Invocation.sequence(call.arguments());
            text = arguments == null || arguments.isEmpty() ? value : arguments.get(0);
        }
        return PythonText.of(text).orElse("");
    }

    /** The element type of the same bytes in PyTorch, if there is one. */
    Optional<DType> dtype() {
        if (!fields.isEmpty()) {
            return Optional.empty();
        }
        return Optional.ofNullable(
                switch (kind) {
                    case 'b' -> size == 1 ? DType.BOOL : null;
                    case 'f' ->
                        switch (size) {
                            case 2 -> DType.FLOAT16;
                            case 4 -> DType.FLOAT32;
                            case 8 -> DType.FLOAT64;
                            default -> null;
                        };
                    case 'i' ->
                        switch (size) {
                            case 1 -> DType.INT8;
                            case 2 -> DType.INT16;
                            case 4 -> DType.INT32;
                            case 8 -> DType.INT64;
                            default -> null;
                        };
                    case 'u' ->
                        switch (size) {
                            case 1 -> DType.UINT8;
                            case 2 -> DType.UINT16;
                            case 4 -> DType.UINT32;
                            case 8 -> DType.UINT64;
                            default -> null;
                        };
                    case 'c' ->
                        switch (size) {
                            case 8 -> DType.COMPLEX64;
                            case 16 -> DType.COMPLEX128;
                            default -> null;
                        };
                    default -> null;
                });
    }

    /** The name numpy gives it, such as {@code datetime64[ns]}. */
    String text() {
        return switch (kind) {
            case 'M' -> "datetime64" + (unit.isEmpty() ? "" : "[" + unit + "]");
            case 'm' -> "timedelta64" + (unit.isEmpty() ? "" : "[" + unit + "]");
            default -> "" + kind + size;
        };
    }
}
