package org.ptsanitize.fuzz;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.ptsanitize.formats.pickle.PickleValue;
import org.ptsanitize.formats.pickle.PickleValue.BigInt;
import org.ptsanitize.formats.pickle.PickleValue.Bool;
import org.ptsanitize.formats.pickle.PickleValue.Call;
import org.ptsanitize.formats.pickle.PickleValue.CallKind;
import org.ptsanitize.formats.pickle.PickleValue.Dict;
import org.ptsanitize.formats.pickle.PickleValue.Global;
import org.ptsanitize.formats.pickle.PickleValue.Int;
import org.ptsanitize.formats.pickle.PickleValue.None;
import org.ptsanitize.formats.pickle.PickleValue.PersistentId;
import org.ptsanitize.formats.pickle.PickleValue.PyList;
import org.ptsanitize.formats.pickle.PickleValue.Real;
import org.ptsanitize.formats.pickle.PickleValue.Text;
import org.ptsanitize.formats.pickle.PickleValue.Tuple;
import org.ptsanitize.formats.pickle.PickleWriter;

/** Writes a graph of values as a pickle again, aliases and cycles included, as far as the writer has opcodes for it. */
final class Rewriting {
    private static final int DEEPEST = 100;

    private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    private final PickleWriter out = new PickleWriter(bytes);
    private final Map<PickleValue, Integer> memo = new IdentityHashMap<>();
    private final Map<PickleValue, Boolean> open = new IdentityHashMap<>();
    private int depth;

    private Rewriting() {}

    /** What the writer cannot say. */
    private static final class Unwritable extends Exception {
        private static final long serialVersionUID = 1L;

        Unwritable() {
            super(null, null, false, false);
        }
    }

    static Optional<byte[]> of(PickleValue root) throws IOException {
        Rewriting rewriting = new Rewriting();
        try {
            rewriting.out.proto();
            rewriting.write(root);
            rewriting.out.stop();
            return Optional.of(rewriting.bytes.toByteArray());
        } catch (Unwritable e) {
            return Optional.empty();
        }
    }

    private void write(PickleValue value) throws IOException, Unwritable {
        Integer known = memo.get(value);
        if (known != null) {
            out.get(known);
        } else if (!leaf(value)) {
            if (depth++ > DEEPEST || open.put(value, true) != null) {
                throw new Unwritable();
            }
            container(value);
            open.remove(value);
            depth--;
        }
    }

    private boolean leaf(PickleValue value) throws IOException, Unwritable {
        if (value instanceof None) {
            out.none();
        } else if (value instanceof Bool bool) {
            out.bool(bool.value());
        } else if (value instanceof Int number) {
            out.integer(number.value());
        } else if (value instanceof BigInt number) {
            if (number.value().bitLength() > 2000) {
                throw new Unwritable();
            }
            out.integer(number.value());
        } else if (value instanceof Real real) {
            out.real(real.value());
        } else if (value instanceof Text text) {
            out.text(text.value());
        } else if (value instanceof Global global) {
            if (global.dotted().chars().anyMatch(c -> c == '\n' || c == '\r' || Character.isSurrogate((char) c))) {
                throw new Unwritable();
            }
            out.global(global.module(), global.name());
        } else {
            return false;
        }
        return true;
    }

    private void container(PickleValue value) throws IOException, Unwritable {
        if (value instanceof Tuple tuple) {
            out.mark();
            all(tuple.items());
            out.tuple();
            remember(value);
        } else if (value instanceof PyList list) {
            out.emptyList();
            remember(value);
            out.mark();
            all(list.items());
            out.appends();
        } else if (value instanceof Dict dict) {
            out.emptyDict();
            remember(value);
            for (int i = 0; i < dict.entries().size(); i++) {
                write(dict.entries().key(i));
                write(dict.entries().value(i));
                out.setItem();
            }
        } else if (value instanceof PersistentId id) {
            write(id.id());
            out.persistentId();
            remember(value);
        } else if (value instanceof Call call) {
            call(call);
        } else {
            throw new Unwritable();
        }
    }

    private void call(Call call) throws IOException, Unwritable {
        boolean plain = call.kind() == CallKind.REDUCE || call.kind() == CallKind.NEWOBJ;
        if (!plain || !call.items().isEmpty() || !call.entries().isEmpty()) {
            throw new Unwritable();
        }
        write(call.callable());
        write(call.arguments());
        if (call.kind() == CallKind.REDUCE) {
            out.reduce();
        } else {
            out.newObject();
        }
        remember(call);
        for (PickleValue state : call.states()) {
            write(state);
            out.build();
        }
    }

    private void all(List<PickleValue> values) throws IOException, Unwritable {
        for (PickleValue value : values) {
            write(value);
        }
    }

    private void remember(PickleValue value) throws IOException {
        out.put(memo.size());
        memo.put(value, memo.size());
    }
}
