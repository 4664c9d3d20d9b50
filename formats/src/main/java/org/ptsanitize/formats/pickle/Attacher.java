package org.ptsanitize.formats.pickle;

import org.ptsanitize.formats.bytes.FileFormatException;
import org.ptsanitize.formats.bytes.MalformedFileException;
import org.ptsanitize.formats.pickle.PickleValue.Call;
import org.ptsanitize.formats.pickle.PickleValue.Dict;
import org.ptsanitize.formats.pickle.PickleValue.PyList;
import org.ptsanitize.formats.pickle.PickleValue.PySet;

/**
 * Follows the opcodes that change a value after it was made. They change lists, dicts and sets by their own kind of
 * opcode, and are noted on calls, whose results they would have changed. On any other value they are an error.
 */
final class Attacher {
    private final OperandStack stack;
    private final Meter meter;

    Attacher(OperandStack stack, Meter meter) {
        this.stack = stack;
        this.meter = meter;
    }

    void build() throws FileFormatException {
        PickleValue state = stack.pop();
        if (!(stack.top() instanceof Call call)) {
            throw wrongTarget(stack.top());
        }
        call.attach(meter).states.add(state, meter);
    }

    void append() throws FileFormatException {
        PickleValue item = stack.pop();
        listLike(stack.top()).add(item, meter);
    }

    void appends() throws FileFormatException {
        int start = stack.popMark();
        addAll(start, listLike(stack.below(start)));
    }

    void addItems() throws FileFormatException {
        int start = stack.popMark();
        addAll(start, setLike(stack.below(start)));
    }

    void setItem() throws FileFormatException {
        PickleValue value = stack.pop();
        PickleValue key = stack.pop();
        dictLike(stack.top()).put(key, value, meter);
    }

    void setItems() throws FileFormatException {
        int start = stack.popMark();
        putAll(start, dictLike(stack.below(start)));
    }

    /** Moves everything from {@code start} on into a buffer. */
    void addAll(int start, ValueBuffer<PickleValue> buffer) throws FileFormatException {
        buffer.ensure(stack.size() - start, meter);
        for (int i = start; i < stack.size(); i++) {
            buffer.add(stack.get(i), meter);
        }
        stack.drop(start);
    }

    /** Moves everything from {@code start} on into a mapping, as keys and values in turn. */
    void putAll(int start, EntryBuffer entries) throws FileFormatException {
        int count = stack.size() - start;
        if (count % 2 != 0) {
            throw meter.malformed(meter.opcode() + " with a key that has no value");
        }
        entries.ensure(count, meter);
        for (int i = start; i < stack.size(); i += 2) {
            entries.put(stack.get(i), stack.get(i + 1), meter);
        }
        stack.drop(start);
    }

    private ValueBuffer<PickleValue> listLike(PickleValue target) throws FileFormatException {
        if (target instanceof PyList list) {
            return list.buffer();
        } else if (target instanceof Call call) {
            return call.attach(meter).items;
        }
        throw wrongTarget(target);
    }

    private ValueBuffer<PickleValue> setLike(PickleValue target) throws FileFormatException {
        if (target instanceof PySet set && !set.frozen()) {
            return set.buffer();
        } else if (target instanceof Call call) {
            return call.attach(meter).items;
        }
        throw wrongTarget(target);
    }

    private EntryBuffer dictLike(PickleValue target) throws FileFormatException {
        if (target instanceof Dict dict) {
            return dict.entries();
        } else if (target instanceof Call call) {
            return call.attach(meter).entries;
        }
        throw wrongTarget(target);
    }

    private MalformedFileException wrongTarget(PickleValue target) {
        return meter.malformed(meter.opcode() + " on " + Kinds.of(target));
    }
}
