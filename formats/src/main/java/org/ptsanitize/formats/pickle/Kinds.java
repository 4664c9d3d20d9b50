package org.ptsanitize.formats.pickle;

import org.ptsanitize.formats.pickle.PickleValue.BigInt;
import org.ptsanitize.formats.pickle.PickleValue.Bool;
import org.ptsanitize.formats.pickle.PickleValue.Bytes;
import org.ptsanitize.formats.pickle.PickleValue.Call;
import org.ptsanitize.formats.pickle.PickleValue.Dict;
import org.ptsanitize.formats.pickle.PickleValue.Global;
import org.ptsanitize.formats.pickle.PickleValue.Int;
import org.ptsanitize.formats.pickle.PickleValue.None;
import org.ptsanitize.formats.pickle.PickleValue.PersistentId;
import org.ptsanitize.formats.pickle.PickleValue.PyList;
import org.ptsanitize.formats.pickle.PickleValue.PySet;
import org.ptsanitize.formats.pickle.PickleValue.Real;
import org.ptsanitize.formats.pickle.PickleValue.Text;
import org.ptsanitize.formats.pickle.PickleValue.Tuple;

/** What messages call the kinds of values. */
final class Kinds {
    private Kinds() {}

    static String of(PickleValue value) {
        if (value instanceof None) {
            return "None";
        } else if (value instanceof Bool) {
            return "a bool";
        } else if (value instanceof Int || value instanceof BigInt) {
            return "an integer";
        } else if (value instanceof Real) {
            return "a float";
        } else if (value instanceof Text) {
            return "a text";
        } else if (value instanceof Bytes) {
            return "bytes";
        } else if (value instanceof Global) {
            return "a global";
        } else if (value instanceof Tuple) {
            return "a tuple";
        } else if (value instanceof PyList) {
            return "a list";
        } else if (value instanceof Dict) {
            return "a dict";
        } else if (value instanceof PySet set) {
            return set.frozen() ? "a frozenset" : "a set";
        } else if (value instanceof Call) {
            return "a call";
        } else if (value instanceof PersistentId) {
            return "a persistent id";
        }
        throw new AssertionError(value.getClass());
    }
}
