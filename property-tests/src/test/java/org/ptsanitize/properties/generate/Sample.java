package org.ptsanitize.properties.generate;

import java.math.BigInteger;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.ptsanitize.formats.tensor.DType;

/**
 * A Python value to be written. Containers have identity: the same node in two places is one shared object, and a list
 * or mapping may hold itself.
 */
public sealed interface Sample {
    /** Python's {@code None}. */
    enum None implements Sample {
        NONE
    }

    record Bool(boolean value) implements Sample {}

    record Int(BigInteger value) implements Sample {
        static Int of(long value) {
            return new Int(BigInteger.valueOf(value));
        }
    }

    record Real(double value) implements Sample {}

    record Complex(double real, double imaginary) implements Sample {}

    record Text(String value) implements Sample {}

    /** A class or function by its name. */
    record Global(String module, String name) implements Sample {}

    /** Immutable by agreement: nobody writes to the array. */
    final class Bytes implements Sample {
        private final byte[] value;

        Bytes(byte[] value) {
            this.value = value;
        }

        public byte[] value() {
            return value;
        }
    }

    /** A list, tuple or set. */
    final class Sequence implements Sample {
        public enum Kind {
            LIST,
            TUPLE,
            SET
        }

        private final Kind kind;
        private final List<Sample> items = new ArrayList<>();

        private Sequence(Kind kind) {
            this.kind = kind;
        }

        static Sequence of(Kind kind, List<? extends Sample> items) {
            Sequence sequence = new Sequence(kind);
            sequence.items.addAll(items);
            return sequence;
        }

        static Sequence list() {
            return new Sequence(Kind.LIST);
        }

        static Sequence tuple(Sample... items) {
            return of(Kind.TUPLE, List.of(items));
        }

        public Kind kind() {
            return kind;
        }

        public List<Sample> items() {
            return items;
        }
    }

    record Entry(Sample key, Sample value) {}

    /** A dict or an {@code OrderedDict}, the latter perhaps with the attribute {@code _metadata}. */
    final class Mapping implements Sample {
        private final boolean ordered;
        private final List<Entry> entries = new ArrayList<>();
        private Optional<Mapping> metadata = Optional.empty();

        private Mapping(boolean ordered) {
            this.ordered = ordered;
        }

        static Mapping dict() {
            return new Mapping(false);
        }

        static Mapping ordered() {
            return new Mapping(true);
        }

        Mapping put(Sample key, Sample value) {
            entries.add(new Entry(key, value));
            return this;
        }

        Mapping put(String key, Sample value) {
            return put(new Text(key), value);
        }

        void setMetadata(Mapping value) {
            metadata = Optional.of(value);
        }

        public boolean isOrdered() {
            return ordered;
        }

        public List<Entry> entries() {
            return entries;
        }

        public Optional<Mapping> metadata() {
            return metadata;
        }
    }

    /** A view of a storage; numbers are elements. */
    final class Tensor implements Sample {
        private final SampleStorage storage;
        private final long offset;
        private final long[] sizes;
        private final long[] strides;
        private final boolean conjugate;
        private final boolean negative;

        Tensor(SampleStorage storage, long offset, long[] sizes, long[] strides, boolean conjugate, boolean negative) {
            this.storage = storage;
            this.offset = offset;
            this.sizes = sizes;
            this.strides = strides;
            this.conjugate = conjugate;
            this.negative = negative;
        }

        public SampleStorage storage() {
            return storage;
        }

        public DType dtype() {
            return storage.dtype();
        }

        public long offset() {
            return offset;
        }

        public long[] sizes() {
            return sizes;
        }

        public long[] strides() {
            return strides;
        }

        public boolean conjugate() {
            return conjugate;
        }

        public boolean negative() {
            return negative;
        }
    }

    /** A tensor wrapped as {@code torch.nn.Parameter}. */
    final class Parameter implements Sample {
        private final Tensor tensor;

        Parameter(Tensor tensor) {
            this.tensor = tensor;
        }

        public Tensor tensor() {
            return tensor;
        }
    }

    /** An object of a class that no reader knows: made by a call or by {@code __new__}, then perhaps given a state. */
    final class Instance implements Sample {
        private final Global type;
        private final boolean isCall;
        private final Sequence arguments;
        private final Optional<Mapping> state;

        Instance(Global type, boolean isCall, Sequence arguments, Optional<Mapping> state) {
            this.type = type;
            this.isCall = isCall;
            this.arguments = arguments;
            this.state = state;
        }

        public Global type() {
            return type;
        }

        /** Whether the class is called (REDUCE), not just given memory (NEWOBJ). */
        public boolean isCall() {
            return isCall;
        }

        public Sequence arguments() {
            return arguments;
        }

        public Optional<Mapping> state() {
            return state;
        }

        /** Whether it is a whole module, which is known by the members of its state. */
        public boolean isModule() {
            return state.isPresent()
                    && state.get().entries().stream()
                            .anyMatch(entry -> entry.key().equals(new Text("_modules")));
        }

        /** What the {@code state_dict()} of a module is made of: parameters, buffers and submodules that are there. */
        public List<Entry> members() {
            List<Entry> members = new ArrayList<>();
            for (Entry entry : state.orElseThrow().entries()) {
                if (entry.value() instanceof Mapping mapping && !entry.key().equals(new Text("settings"))) {
                    mapping.entries().stream()
                            .filter(member -> member.value() != None.NONE)
                            .forEach(members::add);
                }
            }
            return members;
        }
    }

    /** A call of a known function: what tensors, sets and numbers are written as. */
    final class Call implements Sample {
        private final Global function;
        private final Sequence arguments;

        Call(Global function, Sample... arguments) {
            this.function = function;
            this.arguments = Sequence.tuple(arguments);
        }

        public Global function() {
            return function;
        }

        public Sequence arguments() {
            return arguments;
        }
    }

    /** A reference to something outside of the pickle. */
    final class Persistent implements Sample {
        private final Sequence id;

        Persistent(Sequence id) {
            this.id = id;
        }

        public Sequence id() {
            return id;
        }
    }
}
