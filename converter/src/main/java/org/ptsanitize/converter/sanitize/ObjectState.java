package org.ptsanitize.converter.sanitize;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.ptsanitize.formats.pickle.PickleValue;
import org.ptsanitize.formats.pickle.PickleValue.Call;
import org.ptsanitize.formats.pickle.PickleValue.Dict;
import org.ptsanitize.formats.pickle.PickleValue.Global;
import org.ptsanitize.formats.pickle.PickleValue.None;
import org.ptsanitize.formats.pickle.PickleValue.Tuple;

/**
 * What BUILD gave to an object, by the rules of Python's default {@code __setstate__}: a mapping of attributes, or a pair
 * of such a mapping and one of slots. A state of any other form is for the class's own {@code __setstate__} and stays as
 * it is.
 */
final class ObjectState {
    private final Entries attributes = new Entries();
    private final List<PickleValue> others = new ArrayList<>();

    private ObjectState() {}

    static ObjectState of(List<PickleValue> states) throws IOException {
        ObjectState result = new ObjectState();
        for (PickleValue state : states) {
            if (!result.addMapping(state) && !result.addPair(state) && state != None.NONE) {
                result.others.add(state);
            }
        }
        return result;
    }

    private boolean addMapping(PickleValue state) throws IOException {
        Entries entries = mapping(state);
        if (entries == null) {
            return false;
        }
        for (int i = 0; i < entries.size(); i++) {
            attributes.add(entries.key(i), entries.value(i));
        }
        return true;
    }

    private boolean addPair(PickleValue state) throws IOException {
        if (!(state instanceof Tuple pair)
                || pair.size() != 2
                || !isMappingOrNone(pair.get(0))
                || !isMappingOrNone(pair.get(1))) {
            return false;
        }
        addMapping(pair.get(0));
        addMapping(pair.get(1));
        return true;
    }

    private static boolean isMappingOrNone(PickleValue value) throws IOException {
        return value == None.NONE || mapping(value) != null;
    }

    /** The entries of a dict or an ordered dict, or null. */
    static @Nullable Entries mapping(PickleValue value) throws IOException {
        if (value instanceof Dict dict) {
            return Entries.of(dict.entries());
        }
        if (value instanceof Call call
                && call.callable() instanceof Global global
                && global.module().equals("collections")
                && global.name().equals("OrderedDict")) {
            Entries entries = new Entries();
            List<PickleValue> arguments = Invocation.sequence(call.arguments());
            if (arguments != null && arguments.size() == 1 && arguments.get(0) instanceof Dict given) {
                entries.addAll(given.entries());
            } else if (arguments != null && arguments.size() == 1) {
                List<PickleValue> pairs = Invocation.sequence(arguments.get(0));
                if (pairs != null) {
                    for (PickleValue pair : pairs) {
                        List<PickleValue> two = Invocation.sequence(pair);
                        if (two != null && two.size() == 2) {
                            entries.add(two.get(0), two.get(1));
                        }
                    }
                }
            }
            return entries.addAll(call.entries());
        }
        return null;
    }

    Entries attributes() {
        return attributes;
    }

    /** States that are no mappings. */
    List<PickleValue> others() {
        return others;
    }

    /** Whether the object is an {@code nn.Module}: its state has the three mappings that make one. */
    boolean isModule() throws IOException {
        return isMapping("_parameters") && isMapping("_buffers") && isMapping("_modules");
    }

    private boolean isMapping(String attribute) throws IOException {
        PickleValue value = attributes.get(attribute);
        return value != null && mapping(value) != null;
    }

    /** The entries of an attribute that is a mapping; none if it is missing. */
    Entries entriesOf(String attribute) throws IOException {
        PickleValue value = attributes.get(attribute);
        Entries entries = value == null ? null : mapping(value);
        return entries == null ? new Entries() : entries;
    }
}
