package org.ptsanitize.converter.sanitize;

import java.util.List;
import org.ptsanitize.formats.bytes.MalformedFileException;
import org.ptsanitize.formats.pickle.PickleValue;
import org.ptsanitize.formats.pickle.PickleValue.Bool;
import org.ptsanitize.formats.pickle.PickleValue.Call;
import org.ptsanitize.formats.pickle.PickleValue.Global;
import org.ptsanitize.formats.pickle.PickleValue.Int;
import org.ptsanitize.formats.pickle.PickleValue.PyList;
import org.ptsanitize.formats.pickle.PickleValue.Tuple;

/**
 * A call about to be understood: its callable, its positional arguments and where it is. Usually the call itself; for
 * {@code _rebuild_from_type} and {@code copyreg} it is the call that their arguments spell out.
 *
 * @param global the callable as written
 * @param arguments the positional arguments
 * @param call the call in the pickle, whose attachments belong to the result
 * @param part the pickle that it is in, for messages
 */
record Invocation(Global global, List<PickleValue> arguments, Call call, String part) implements Fault {
    PickleValue argument(int index) {
        return arguments.get(index);
    }

    int count() {
        return arguments.size();
    }

    /** Checks the number of arguments. */
    void require(int minimum, int maximum) throws MalformedFileException {
        if (count() < minimum || count() > maximum) {
            throw malformed("takes " + (minimum == maximum ? "" + minimum : minimum + " to " + maximum)
                    + " arguments, has " + count());
        }
    }

    /** Checks that no items were set in the result. */
    void requireNoItems() throws MalformedFileException {
        if (!call.entries().isEmpty() || !call.items().isEmpty()) {
            throw malformed("makes a tensor, and later opcodes set items in it");
        }
    }

    /** Checks that nothing was done with the result: BUILD with a tensor gives it other elements. */
    void requireUntouched() throws MalformedFileException {
        requireNoItems();
        if (!call.states().isEmpty()) {
            throw malformed("makes a tensor, and later opcodes give it another state");
        }
    }

    /** Checks that nothing was appended to the result, which is a mapping. */
    void requireNoAppended() throws MalformedFileException {
        if (!call.items().isEmpty()) {
            throw malformed("makes a mapping, and later opcodes append items to it");
        }
    }

    /** A non-negative integer argument; bools and floats are none. */
    long count(int index, String what) throws MalformedFileException {
        if (argument(index) instanceof Int number && number.value() >= 0) {
            return number.value();
        }
        throw malformed("has no valid " + what);
    }

    boolean flag(int index, String what) throws MalformedFileException {
        if (argument(index) instanceof Bool bool) {
            return bool.value();
        }
        throw malformed("has no valid " + what);
    }

    /** A tuple, list or {@code torch.Size} of integers: sizes or strides. */
    long[] integers(int index, String what) throws MalformedFileException {
        return integers(argument(index), what);
    }

    long[] integers(PickleValue value, String what) throws MalformedFileException {
        List<PickleValue> items = sequence(value);
        if (items == null) {
            throw malformed("has a " + what + " that is no tuple of integers");
        }
        long[] numbers = new long[items.size()];
        for (int i = 0; i < numbers.length; i++) {
            if (!(items.get(i) instanceof Int number)) {
                throw malformed("has a " + what + " that is no tuple of integers");
            }
            numbers[i] = number.value();
        }
        return numbers;
    }

    /** The items of a tuple, a list or a {@code torch.Size}; null if the value is none of them. */
    static @org.jspecify.annotations.Nullable List<PickleValue> sequence(PickleValue value) {
        if (value instanceof Tuple tuple) {
            return tuple.items();
        }
        if (value instanceof PyList list) {
            return list.items();
        }
        if (value instanceof Call call
                && call.callable() instanceof Global global
                && global.module().equals("torch")
                && global.name().equals("Size")
                && call.arguments() instanceof Tuple arguments
                && arguments.size() == 1
                && !(arguments.get(0) instanceof Call)) {
            return sequence(arguments.get(0));
        }
        return null;
    }

    @Override
    public MalformedFileException malformed(String problem) {
        return new MalformedFileException(global.dotted() + " " + problem, where());
    }

    @Override
    public String where() {
        return part + " byte " + offset();
    }

    @Override
    public long offset() {
        return call.offset();
    }
}
