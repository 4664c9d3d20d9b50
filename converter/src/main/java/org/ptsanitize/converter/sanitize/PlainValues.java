package org.ptsanitize.converter.sanitize;

import java.io.IOException;
import java.math.BigInteger;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.ptsanitize.converter.policy.Meaning;
import org.ptsanitize.formats.bytes.Budget;
import org.ptsanitize.formats.bytes.ByteRange;
import org.ptsanitize.formats.bytes.ByteSource;
import org.ptsanitize.formats.bytes.MemorySource;
import org.ptsanitize.formats.pickle.PickleValue;
import org.ptsanitize.formats.pickle.PickleValue.BigInt;
import org.ptsanitize.formats.pickle.PickleValue.Bool;
import org.ptsanitize.formats.pickle.PickleValue.Bytes;
import org.ptsanitize.formats.pickle.PickleValue.BytesKind;
import org.ptsanitize.formats.pickle.PickleValue.Call;
import org.ptsanitize.formats.pickle.PickleValue.Dict;
import org.ptsanitize.formats.pickle.PickleValue.Global;
import org.ptsanitize.formats.pickle.PickleValue.Int;
import org.ptsanitize.formats.pickle.PickleValue.None;
import org.ptsanitize.formats.pickle.PickleValue.Real;
import org.ptsanitize.formats.pickle.PickleValue.Text;

/**
 * Classes of Python's library whose instances are plain data. A call in a form that the class itself never writes is left
 * to the caller's fall-back, never guessed at.
 */
final class PlainValues {
    private static final String METADATA = "_metadata";

    private final Reviver reviver;

    PlainValues(Reviver reviver) {
        this.reviver = reviver;
    }

    Revival orderedDict(Invocation call) throws IOException {
        call.requireNoAppended();
        Entries entries = new Entries();
        if (call.count() > 1 || call.count() == 1 && !fill(entries, call.argument(0))) {
            return reviver.fallBack(call);
        }
        entries.addAll(call.call().entries());
        Optional<PickleValue> metadata = Optional.empty();
        for (PickleValue state : call.call().states()) {
            if (state instanceof Dict dict) {
                Entries attributes = Entries.of(dict.entries());
                metadata = Optional.ofNullable(attributes.get(METADATA));
                deferAttributes(attributes);
            } else {
                reviver.defer(state, Names.join(reviver.path(), "<attributes>"));
            }
        }
        return reviver.mapping(MapNode.Kind.ORDERED_DICT, entries, metadata);
    }

    /** Attributes of an ordered dict are no entries of it: the tensors in them are listed, like those of a tensor. */
    private void deferAttributes(Entries attributes) throws IOException {
        for (int i = 0; i < attributes.size(); i++) {
            String name = PythonText.of(attributes.key(i)).orElse("?");
            if (!name.equals(METADATA)) {
                reviver.defer(attributes.value(i), Names.join(reviver.path(), name));
            }
        }
    }

    /** {@code defaultdict(factory, entries)}; the factory is a function and goes. */
    Revival defaultDict(Invocation call) throws IOException {
        call.requireNoAppended();
        Entries entries = new Entries();
        if (call.count() > 2 || call.count() == 2 && !fill(entries, call.argument(1))) {
            return reviver.fallBack(call);
        }
        entries.addAll(call.call().entries());
        return reviver.mapping(MapNode.Kind.DEFAULT_DICT, entries, Optional.empty());
    }

    Revival counter(Invocation call) throws IOException {
        call.requireNoAppended();
        Entries entries = new Entries();
        if (call.count() > 1 || call.count() == 1 && !fill(entries, call.argument(0))) {
            return reviver.fallBack(call);
        }
        entries.addAll(call.call().entries());
        return reviver.mapping(MapNode.Kind.COUNTER, entries, Optional.empty());
    }

    Revival dict(Invocation call) throws IOException {
        call.requireNoAppended();
        Entries entries = new Entries();
        if (call.count() > 1 || call.count() == 1 && !fill(entries, call.argument(0))) {
            return reviver.fallBack(call);
        }
        entries.addAll(call.call().entries());
        return reviver.mapping(MapNode.Kind.DICT, entries, Optional.empty());
    }

    /** Entries from a dict or from a sequence of pairs. */
    private static boolean fill(Entries entries, PickleValue value) throws IOException {
        if (value instanceof Dict dict) {
            entries.addAll(dict.entries());
            return true;
        }
        List<PickleValue> pairs = Invocation.sequence(value);
        if (pairs == null) {
            return false;
        }
        for (PickleValue pair : pairs) {
            List<PickleValue> two = Invocation.sequence(pair);
            if (two == null || two.size() != 2) {
                return false;
            }
            entries.add(two.get(0), two.get(1));
        }
        return true;
    }

    /** {@code deque(items[, maxlen])}, or the items by APPENDS. */
    Revival deque(Invocation call) throws IOException {
        List<PickleValue> items = call.count() >= 1 ? Invocation.sequence(call.argument(0)) : List.of();
        if (items == null || call.count() > 2) {
            return reviver.fallBack(call);
        }
        return reviver.sequence(ListNode.Kind.DEQUE, concat(items, call.call().items()));
    }

    /** {@code set([…])}, {@code frozenset([…])}, {@code torch.Size((…))} and the like. */
    Revival collection(Invocation call, ListNode.Kind kind) throws IOException {
        List<PickleValue> items = List.of();
        if (call.count() == 1) {
            List<PickleValue> given = call.argument(0) instanceof PickleValue.PySet set
                    ? set.items()
                    : Invocation.sequence(call.argument(0));
            if (given == null) {
                return reviver.fallBack(call);
            }
            items = given;
        } else if (call.count() > 1) {
            return reviver.fallBack(call);
        }
        return reviver.sequence(kind, concat(items, call.call().items()));
    }

    private static List<PickleValue> concat(List<PickleValue> first, List<PickleValue> second) {
        if (second.isEmpty()) {
            return first;
        }
        List<PickleValue> all = new ArrayList<>(first);
        all.addAll(second);
        return all;
    }

    Revival complex(Invocation call) throws IOException {
        if (call.count() == 2 && isNumber(call.argument(0)) && isNumber(call.argument(1))) {
            return Revival.of(new ComplexNumber(real(call.argument(0)), real(call.argument(1))));
        }
        return reviver.fallBack(call);
    }

    private static boolean isNumber(PickleValue value) {
        return value instanceof Real || value instanceof Int;
    }

    private static double real(PickleValue value) {
        return value instanceof Real number ? number.value() : ((Int) value).value();
    }

    /** {@code bytes()}, {@code bytes(b)}, {@code bytes([65, 66])}, {@code bytearray(b)}, {@code bytearray('x', 'latin-1')}. */
    Revival bytes(Invocation call, Meaning meaning) throws IOException {
        BytesKind kind = meaning == Meaning.BYTES ? BytesKind.BYTES : BytesKind.BYTEARRAY;
        ByteSource source = null;
        if (call.count() == 0) {
            source = MemorySource.of("bytes", new byte[0]);
        } else if (call.count() == 1) {
            source = bytesOf(call.argument(0), reviver.budget());
            if (source == null) {
                source = listedBytes(call.argument(0));
            }
        } else if (call.count() == 2) {
            source = encode(call.argument(0), call.argument(1), reviver.budget());
        }
        return source == null
                ? reviver.fallBack(call)
                : Revival.of(new Leaf(new Bytes(kind, new ByteRange(source, 0, source.size()))));
    }

    private @Nullable ByteSource listedBytes(PickleValue value) throws IOException {
        List<PickleValue> items = Invocation.sequence(value);
        if (items == null) {
            return null;
        }
        reviver.budget().spendMemory(items.size(), 0);
        byte[] bytes = new byte[items.size()];
        for (int i = 0; i < bytes.length; i++) {
            if (!(items.get(i) instanceof Int number) || number.value() < 0 || number.value() > 255) {
                return null;
            }
            bytes[i] = (byte) number.value();
        }
        return MemorySource.of("bytes", bytes);
    }

    /** {@code _codecs.encode(text, 'latin1')}: how protocol 2 writes bytes. */
    Revival encode(Invocation call) throws IOException {
        ByteSource source = call.count() == 2 ? encode(call.argument(0), call.argument(1), reviver.budget()) : null;
        return source == null
                ? reviver.fallBack(call)
                : Revival.of(new Leaf(new Bytes(BytesKind.BYTES, new ByteRange(source, 0, source.size()))));
    }

    /** The bytes that a value stands for: bytes themselves, or text with an encoding that is no program. */
    static @Nullable ByteSource bytesOf(PickleValue value, Budget budget) throws IOException {
        if (value instanceof Bytes bytes) {
            return bytes.range().asSource("bytes");
        }
        if (!(value instanceof Call call) || !(call.callable() instanceof Global global)) {
            return null;
        }
        List<PickleValue> arguments = Invocation.sequence(call.arguments());
        Optional<Meaning> meaning = Meaning.of(global);
        if (arguments == null || meaning.isEmpty()) {
            return null;
        }
        boolean made = meaning.get() == Meaning.BYTES || meaning.get() == Meaning.BYTEARRAY;
        if (meaning.get() == Meaning.ENCODE && arguments.size() == 2) {
            return encode(arguments.get(0), arguments.get(1), budget);
        }
        if (made && arguments.isEmpty()) {
            return MemorySource.of("bytes", new byte[0]);
        }
        return made && arguments.size() == 1 && arguments.get(0) instanceof Bytes bytes
                ? bytes.range().asSource("bytes")
                : null;
    }

    /** The bytes that a call makes, for calls that make immutable ones; any other value as it is. */
    static PickleValue withBytes(PickleValue value, Budget budget) throws IOException {
        if (!(value instanceof Call call)
                || !(call.callable() instanceof Global global)
                || Meaning.of(global)
                        .filter(meaning -> meaning == Meaning.ENCODE || meaning == Meaning.BYTES)
                        .isEmpty()) {
            return value;
        }
        ByteSource source = bytesOf(value, budget);
        return source == null ? value : new Bytes(BytesKind.BYTES, new ByteRange(source, 0, source.size()));
    }

    private static @Nullable ByteSource encode(PickleValue text, PickleValue codec, Budget budget) throws IOException {
        if (!(text instanceof Text characters)) {
            return null;
        }
        String name = PythonText.of(codec).orElse("");
        String value = characters.value();
        budget.spendMemory(value.length(), 0);
        switch (name) {
            case "latin1", "latin-1", "latin_1", "iso-8859-1" -> {
                byte[] bytes = new byte[value.length()];
                for (int i = 0; i < bytes.length; i++) {
                    char c = value.charAt(i);
                    if (c > 0xff) {
                        return null;
                    }
                    bytes[i] = (byte) c;
                }
                return MemorySource.of("bytes", bytes);
            }
            case "utf8", "utf-8", "ascii" -> {
                ByteBuffer encoded = StandardCharsets.UTF_8.encode(value);
                byte[] bytes = new byte[encoded.remaining()];
                encoded.get(bytes);
                return MemorySource.of("bytes", bytes);
            }
            default -> {
                return null;
            }
        }
    }

    /** {@code int('5')} and the like: the argument, if it is a primitive of that type already. */
    Revival number(Invocation call) throws IOException {
        if (call.count() == 1) {
            PickleValue value = call.argument(0);
            if (value instanceof Int || value instanceof BigInt || value instanceof Real || value instanceof Bool) {
                return Revival.of(new Leaf(value));
            }
            if (value instanceof Text && call.global().name().equals("str")) {
                return Revival.of(new Leaf(value));
            }
        }
        return reviver.fallBack(call);
    }

    /** {@code restore_type_tag(value, 'Dict[str, int]')}: the value. */
    Revival typeTag(Invocation call) throws IOException {
        return call.count() == 2 ? Revival.same(call.argument(0)) : reviver.fallBack(call);
    }

    /** {@code range} and {@code slice}: their three numbers, never expanded. */
    Revival range(Invocation call, String className) throws IOException {
        if (call.count() < 1 || call.count() > 3) {
            return reviver.fallBack(call);
        }
        List<MapNode.Entry> entries = new ArrayList<>();
        entries.add(MapNode.Entry.of(MapNode.CLASS_KEY, Leaf.of("builtins." + className)));
        List<PickleValue> three = call.count() == 1
                ? List.of(className.equals("range") ? new Int(0) : None.NONE, call.argument(0), rangeStep(className))
                : call.count() == 2
                        ? List.of(call.argument(0), call.argument(1), rangeStep(className))
                        : call.arguments();
        return Revival.of(three, i -> "", nodes -> {
            entries.add(MapNode.Entry.of("start", Reviver.present(nodes).get(0)));
            entries.add(MapNode.Entry.of("stop", Reviver.present(nodes).get(1)));
            entries.add(MapNode.Entry.of("step", Reviver.present(nodes).get(2)));
            return new MapNode(MapNode.Kind.STUB, entries);
        });
    }

    private static PickleValue rangeStep(String className) {
        return className.equals("range") ? new Int(1) : None.NONE;
    }

    /** {@code torch.device('cuda', 0)}. */
    Revival device(Invocation call) throws IOException {
        if (call.count() >= 1 && call.count() <= 2) {
            Optional<String> type = PythonText.of(call.argument(0));
            boolean short_ = type.isPresent() && type.get().matches("[a-z]{1,20}(:[0-9]{1,4})?");
            if (short_ && call.count() == 1) {
                return Revival.of(new TorchConstant(TorchConstant.Kind.DEVICE, type.get()));
            }
            if (short_ && call.argument(1) instanceof Int index && index.value() >= 0 && index.value() < 10_000) {
                return Revival.of(new TorchConstant(TorchConstant.Kind.DEVICE, type.get() + ":" + index.value()));
            }
        }
        return reviver.fallBack(call);
    }

    /** {@code _get_layout('torch.strided')}. */
    Revival layout(Invocation call) throws IOException {
        Optional<String> name = call.count() == 1 ? PythonText.of(call.argument(0)) : Optional.empty();
        return name.isPresent() && Layouts.isKnown(name.get())
                ? Revival.of(new TorchConstant(TorchConstant.Kind.LAYOUT, name.get()))
                : reviver.fallBack(call);
    }

    /** {@code date}, {@code time}, {@code datetime}, {@code timedelta}, {@code timezone}: ISO 8601 text. */
    Revival moment(Invocation call, Meaning meaning) throws IOException {
        Optional<String> text = Moments.text(call, meaning, reviver);
        return text.isPresent() ? Revival.of(Leaf.of(text.get())) : reviver.fallBack(call);
    }

    /** {@code PosixPath('a', 'b')}: the path as text; it is never opened. */
    Revival path(Invocation call) throws IOException {
        boolean windows = call.global().name().contains("Windows");
        StringBuilder path = new StringBuilder();
        for (PickleValue argument : call.arguments()) {
            Optional<String> part = PythonText.of(argument);
            if (part.isEmpty()) {
                return reviver.fallBack(call);
            }
            char last = path.length() == 0 ? '/' : path.charAt(path.length() - 1);
            if (last != '/' && last != '\\') {
                path.append(windows ? '\\' : '/');
            }
            path.append(part.get());
        }
        return Revival.of(Leaf.of(path.length() == 0 ? "." : path.toString()));
    }

    /** {@code Decimal('1.5')}, {@code Fraction('1/2')}, a UUID's state: text. */
    Revival textual(Invocation call, Meaning meaning) throws IOException {
        if (meaning == Meaning.UUID) {
            return uuid(call);
        }
        if (call.count() == 1) {
            Optional<String> text = PythonText.of(call.argument(0));
            if (text.isPresent() && text.get().length() <= 10_000) {
                return Revival.of(Leaf.of(text.get()));
            }
        }
        if (meaning == Meaning.FRACTION
                && call.count() == 2
                && call.argument(0) instanceof Int numerator
                && call.argument(1) instanceof Int denominator) {
            return Revival.of(Leaf.of(numerator.value() + "/" + denominator.value()));
        }
        return reviver.fallBack(call);
    }

    private Revival uuid(Invocation call) throws IOException {
        for (PickleValue state : call.call().states()) {
            if (state instanceof Dict dict) {
                BigInteger value = whole(Entries.of(dict.entries()).get("int"));
                if (value != null && value.signum() >= 0 && value.bitLength() <= 128) {
                    return Revival.of(Leaf.of(
                            new java.util.UUID(value.shiftRight(64).longValue(), value.longValue()).toString()));
                }
            }
        }
        return reviver.fallBack(call);
    }

    static @Nullable BigInteger whole(@Nullable PickleValue value) {
        if (value instanceof Int number) {
            return BigInteger.valueOf(number.value());
        }
        return value instanceof BigInt number ? number.value() : null;
    }
}
