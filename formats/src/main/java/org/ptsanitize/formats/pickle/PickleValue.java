package org.ptsanitize.formats.pickle;

import java.math.BigInteger;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.ptsanitize.formats.bytes.ByteRange;
import org.ptsanitize.formats.bytes.LimitExceededException;

/**
 * A Python value as a pickle describes it. Every value is inert: a call is recorded as a noun, and nothing in this
 * package can perform one. Leaves are records compared by content; containers are classes compared by identity, because
 * a pickle can share them and can close cycles through them. Values do not change once the machine has stopped, but for
 * {@link PersistentId}, which its container may load once.
 */
public sealed interface PickleValue {
    /** Python's {@code None}. */
    enum None implements PickleValue {
        NONE
    }

    /** {@code True} or {@code False}. */
    enum Bool implements PickleValue {
        TRUE,
        FALSE;

        public static Bool of(boolean value) {
            return value ? TRUE : FALSE;
        }

        public boolean value() {
            return this == TRUE;
        }
    }

    /** An integer that fits in 64 bits. */
    record Int(long value) implements PickleValue {}

    /** An integer that does not fit in 64 bits. */
    record BigInt(BigInteger value) implements PickleValue {}

    /** A 64-bit float. */
    record Real(double value) implements PickleValue {}

    /** A Unicode string. It may hold unpaired surrogates, which Python's strings may too. */
    record Text(String value) implements PickleValue {
        // Written out, because the JVM takes milliseconds to make these for its first records.
        @Override
        public boolean equals(@Nullable Object other) {
            return other instanceof Text text && value.equals(text.value);
        }

        @Override
        public int hashCode() {
            return value.hashCode();
        }
    }

    /** What a run of bytes was in Python. */
    enum BytesKind {
        /** Python 3 {@code bytes}. */
        BYTES,
        /** Python 2 {@code str}: text or bytes, which only its use can tell. */
        STRING,
        /** {@code bytearray}. */
        BYTEARRAY
    }

    /** A run of bytes, held as a range of the pickle's source (or of memory where the pickle had to be decoded). */
    final class Bytes implements PickleValue {
        private final BytesKind kind;
        private final ByteRange range;

        public Bytes(BytesKind kind, ByteRange range) {
            this.kind = kind;
            this.range = range;
        }

        public BytesKind kind() {
            return kind;
        }

        public ByteRange range() {
            return range;
        }

        public long length() {
            return range.length();
        }
    }

    /** A name such as {@code torch._utils._rebuild_tensor_v2}, as it is written. Compared, never resolved. */
    record Global(String module, String name) implements PickleValue, Comparable<Global> {
        /** Module and name joined by a dot. */
        public String dotted() {
            return module + "." + name;
        }

        /** By module, then by name. An order also keeps a hash table of hostile names fast. */
        @Override
        public int compareTo(Global other) {
            int byModule = module.compareTo(other.module);
            return byModule != 0 ? byModule : name.compareTo(other.name);
        }

        // As in Text.
        @Override
        public boolean equals(@Nullable Object other) {
            return other instanceof Global global && module.equals(global.module) && name.equals(global.name);
        }

        @Override
        public int hashCode() {
            return 31 * module.hashCode() + name.hashCode();
        }
    }

    /** A tuple. */
    final class Tuple implements PickleValue {
        private static final Tuple EMPTY = new Tuple(new PickleValue[0]);

        private final PickleValue[] items;

        private Tuple(PickleValue[] items) {
            this.items = items;
        }

        /** A tuple that owns the given array. */
        public static Tuple of(PickleValue... items) {
            return items.length == 0 ? EMPTY : new Tuple(items);
        }

        public int size() {
            return items.length;
        }

        public PickleValue get(int index) {
            return items[index];
        }

        public List<PickleValue> items() {
            return Collections.unmodifiableList(Arrays.asList(items));
        }
    }

    /** A list. */
    final class PyList implements PickleValue {
        private final ValueBuffer<PickleValue> items = new ValueBuffer<>();

        ValueBuffer<PickleValue> buffer() {
            return items;
        }

        public int size() {
            return items.size();
        }

        public PickleValue get(int index) {
            return items.get(index);
        }

        public List<PickleValue> items() {
            return items.asList();
        }
    }

    /** A dict as the entries the pickle wrote, in that order, duplicates included. */
    final class Dict implements PickleValue {
        private final EntryBuffer entries = new EntryBuffer();

        /** The entries: keys and values by index. */
        public EntryBuffer entries() {
            return entries;
        }
    }

    /** A set or frozenset as the items the pickle wrote, duplicates included. */
    final class PySet implements PickleValue {
        private final boolean frozen;
        private final ValueBuffer<PickleValue> items = new ValueBuffer<>();

        PySet(boolean frozen) {
            this.frozen = frozen;
        }

        ValueBuffer<PickleValue> buffer() {
            return items;
        }

        public boolean frozen() {
            return frozen;
        }

        public List<PickleValue> items() {
            return items.asList();
        }
    }

    /** The opcode that made a call. */
    enum CallKind {
        /** {@code callable(*args)}. */
        REDUCE,
        /** {@code cls.__new__(cls, *args)}. */
        NEWOBJ,
        /** {@code cls.__new__(cls, *args, **kwargs)}. */
        NEWOBJ_EX,
        /** {@code cls(*args)}, protocol 1. */
        OBJ,
        /** {@code cls(*args)}, protocol 0. */
        INST;

        /** Whether it makes an instance without running the constructor of the class. */
        public boolean makesInstance() {
            return this == NEWOBJ || this == NEWOBJ_EX;
        }
    }

    /**
     * What {@code callable(*arguments)} would have been, with everything that later opcodes attached to its result: the
     * states of BUILD, the items of APPEND(S) and ADDITEMS, the entries of SETITEM(S).
     */
    final class Call implements PickleValue {
        private final CallKind kind;
        private final PickleValue callable;
        private final PickleValue arguments;
        private final long offset;
        private @Nullable Attachments attachments;

        Call(CallKind kind, PickleValue callable, PickleValue arguments, long offset) {
            this.kind = kind;
            this.callable = callable;
            this.arguments = arguments;
            this.offset = offset;
        }

        /** A call that stands in no pickle: how a container that describes a value in its own way says the same. */
        public static Call of(Global callable, PickleValue... arguments) {
            return new Call(CallKind.REDUCE, callable, Tuple.of(arguments), 0);
        }

        public CallKind kind() {
            return kind;
        }

        public PickleValue callable() {
            return callable;
        }

        /** The positional arguments: a {@link Tuple} in every honest pickle. */
        public PickleValue arguments() {
            return arguments;
        }

        /** The keyword arguments of {@link CallKind#NEWOBJ_EX}, else {@link None}. */
        public PickleValue keywords() {
            return attachments == null ? None.NONE : attachments.keywords;
        }

        /** Byte offset in the pickle's source of the opcode that made the call. */
        public long offset() {
            return offset;
        }

        /** The states that BUILD gave to the result, in order. */
        public List<PickleValue> states() {
            return attachments == null ? List.of() : attachments.states.asList();
        }

        /** The items that APPEND(S) and ADDITEMS added to the result. */
        public List<PickleValue> items() {
            return attachments == null ? List.of() : attachments.items.asList();
        }

        /** The entries that SETITEM(S) put into the result. */
        public EntryBuffer entries() {
            return attachments == null ? EntryBuffer.EMPTY : attachments.entries;
        }

        Attachments attach(Meter meter) throws LimitExceededException {
            if (attachments == null) {
                meter.take(Attachments.BYTES);
                attachments = new Attachments();
            }
            return attachments;
        }
    }

    /** A persistent id: what BINPERSID or PERSID hands to the file's container, such as a storage. */
    final class PersistentId implements PickleValue {
        private Object content;
        private final long offset;

        PersistentId(PickleValue id, long offset) {
            this.content = id;
            this.offset = offset;
        }

        /** An id that stands in no pickle, for an argument of {@link Call#of}. */
        public static PersistentId of(PickleValue id) {
            return new PersistentId(id, 0);
        }

        /** The id as it is written; {@link None} once its container has loaded what it stands for. */
        public PickleValue id() {
            return content instanceof PickleValue id ? id : None.NONE;
        }

        /** What the container loaded for it, if it did. */
        public Optional<Object> loaded() {
            return content instanceof PickleValue ? Optional.empty() : Optional.of(content);
        }

        /**
         * Keeps what the container has for it instead of its spelling: a million storages have a million tuples of five.
         *
         * @param object no {@link PickleValue}
         */
        public void load(Object object) {
            content = object;
        }

        /** Byte offset in the pickle's source of the opcode. */
        public long offset() {
            return offset;
        }
    }

    /** What BUILD, APPEND(S), ADDITEMS and SETITEM(S) attach to a call. */
    final class Attachments {
        static final long BYTES = Meter.object(4, 0) + 2 * ValueBuffer.BYTES + EntryBuffer.BYTES;

        PickleValue keywords = None.NONE;
        final ValueBuffer<PickleValue> states = new ValueBuffer<>();
        final ValueBuffer<PickleValue> items = new ValueBuffer<>();
        final EntryBuffer entries = new EntryBuffer();

        private Attachments() {}
    }
}
