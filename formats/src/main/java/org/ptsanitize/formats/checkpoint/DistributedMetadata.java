package org.ptsanitize.formats.checkpoint;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.ptsanitize.formats.bytes.MalformedFileException;
import org.ptsanitize.formats.bytes.Printable;
import org.ptsanitize.formats.pickle.EntryBuffer;
import org.ptsanitize.formats.pickle.PickleValue;
import org.ptsanitize.formats.pickle.PickleValue.Call;
import org.ptsanitize.formats.pickle.PickleValue.Dict;
import org.ptsanitize.formats.pickle.PickleValue.Global;
import org.ptsanitize.formats.pickle.PickleValue.Int;
import org.ptsanitize.formats.pickle.PickleValue.None;
import org.ptsanitize.formats.pickle.PickleValue.PyList;
import org.ptsanitize.formats.pickle.PickleValue.Text;
import org.ptsanitize.formats.pickle.PickleValue.Tuple;
import org.ptsanitize.formats.tensor.DType;

/** Picks the objects of a {@code .metadata} pickle apart: each is a call with a state, and only its class's name counts. */
final class DistributedMetadata {
    static final String METADATA = "torch.distributed.checkpoint.metadata";

    private DistributedMetadata() {}

    /** The state of an object of a class: the entries of the last BUILD. */
    static EntryBuffer state(PickleValue value, String module, String name) throws MalformedFileException {
        if (value instanceof Call call
                && isClass(call, module, name)
                && !call.states().isEmpty()
                && call.states().get(call.states().size() - 1) instanceof Dict dict) {
            return dict.entries();
        }
        throw wrong("no " + name + " where one is expected");
    }

    static boolean isClass(PickleValue value, String module, String name) {
        return value instanceof Call call
                && call.callable() instanceof Global global
                && global.module().equals(module)
                && global.name().equals(name);
    }

    static @Nullable PickleValue find(EntryBuffer entries, String key) {
        PickleValue found = null;
        for (int i = 0; i < entries.size(); i++) {
            if (entries.key(i) instanceof Text text && text.value().equals(key)) {
                found = entries.value(i);
            }
        }
        return found == None.NONE ? null : found;
    }

    static PickleValue get(EntryBuffer entries, String key) throws MalformedFileException {
        PickleValue found = find(entries, key);
        if (found == null) {
            throw wrong("an object without " + key);
        }
        return found;
    }

    static EntryBuffer dict(PickleValue value, String what) throws MalformedFileException {
        if (value instanceof Dict dict) {
            return dict.entries();
        }
        if (value instanceof Call call
                && call.states().isEmpty()
                && call.items().isEmpty()) {
            return call.entries();
        }
        throw wrong(what + " that is no mapping");
    }

    static String text(PickleValue value, String what) throws MalformedFileException {
        if (value instanceof Text text) {
            return text.value();
        }
        throw wrong(what + " that is no text");
    }

    static long count(PickleValue value, String what) throws MalformedFileException {
        if (value instanceof Int number && number.value() >= 0) {
            return number.value();
        }
        throw wrong(what + " that is no count");
    }

    /** The items of a list or tuple. */
    static List<PickleValue> items(PickleValue value, String what) throws MalformedFileException {
        if (value instanceof PyList list) {
            return list.items();
        }
        if (value instanceof Tuple tuple) {
            return tuple.items();
        }
        throw wrong(what + " that is no list");
    }

    /** {@code torch.Size((2, 3))}, or the bare tuple. */
    static long[] size(PickleValue value, String what) throws MalformedFileException {
        PickleValue tuple = value;
        if (isClass(value, "torch", "Size")) {
            List<PickleValue> arguments = items(((Call) value).arguments(), what);
            if (arguments.size() != 1) {
                throw wrong(what + " that is no size");
            }
            tuple = arguments.get(0);
        }
        List<PickleValue> items = items(tuple, what);
        long[] sizes = new long[items.size()];
        for (int i = 0; i < sizes.length; i++) {
            sizes[i] = count(items.get(i), what);
        }
        return sizes;
    }

    /** The element type of {@code TensorProperties}: the first item of its state. */
    static Optional<DType> dtype(PickleValue properties) throws MalformedFileException {
        if (!(properties instanceof Call call) || call.states().isEmpty()) {
            throw wrong("a tensor without properties");
        }
        PickleValue state = call.states().get(call.states().size() - 1);
        PickleValue dtype = null;
        if (state instanceof Dict dict) {
            dtype = find(dict.entries(), "dtype");
        } else if (state instanceof Tuple tuple && tuple.size() > 0) {
            dtype = tuple.get(0);
        }
        return dtype instanceof Global global && global.module().equals("torch")
                ? DType.ofTorchName(global.name())
                : Optional.empty();
    }

    /** A path to a value: keys are texts, places in lists are numbers. */
    static List<Object> path(PickleValue value) throws MalformedFileException {
        List<Object> path = new ArrayList<>();
        for (PickleValue item : items(value, "a path")) {
            if (item instanceof Text text) {
                path.add(text.value());
            } else if (item instanceof Int number && number.value() >= 0 && number.value() < Integer.MAX_VALUE) {
                path.add((int) number.value());
            } else {
                throw wrong("a path with something that is neither text nor a place");
            }
        }
        if (path.isEmpty()) {
            throw wrong("an empty path");
        }
        return path;
    }

    static MalformedFileException wrong(String found) {
        return new MalformedFileException("the .metadata has " + found);
    }

    static MalformedFileException wrong(String name, String problem) {
        return new MalformedFileException("the .metadata: " + Printable.quote(name) + " " + problem);
    }
}
