package org.ptsanitize.converter.report;

import java.util.List;
import org.ptsanitize.formats.pickle.PickleValue;
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

/** Symbolic values in a few words, for reports: escaped, a bounded number of characters, a bounded depth. */
public final class Brief {
    private static final int TEXT = 80;
    private static final int ITEMS = 4;
    private static final int DEPTH = 3;

    private Brief() {}

    /** A call with its arguments, such as {@code os.system('echo hi')}. */
    public static String call(Call call) {
        StringBuilder out = new StringBuilder();
        append(out, call, DEPTH);
        return out.length() > 4 * TEXT ? out.substring(0, 4 * TEXT) + "…" : out.toString();
    }

    private static void append(StringBuilder out, PickleValue value, int depth) {
        if (value instanceof None) {
            out.append("None");
        } else if (value instanceof Bool bool) {
            out.append(bool.value() ? "True" : "False");
        } else if (value instanceof Int number) {
            out.append(number.value());
        } else if (value instanceof BigInt number) {
            out.append("an integer of ").append(number.value().bitLength()).append(" bits");
        } else if (value instanceof Real number) {
            out.append(number.value());
        } else if (value instanceof Text text) {
            out.append('\'').append(Escaped.text(text.value(), TEXT)).append('\'');
        } else if (value instanceof Bytes bytes) {
            out.append("<").append(bytes.length()).append(" bytes>");
        } else if (value instanceof Global global) {
            out.append(Escaped.text(global.dotted(), TEXT));
        } else if (value instanceof PersistentId) {
            out.append("<storage>");
        } else if (depth == 0) {
            out.append('…');
        } else if (value instanceof Call call) {
            append(out, call.callable(), depth - 1);
            items(out, "(", argumentsOf(call), ")", depth);
        } else if (value instanceof Tuple tuple) {
            items(out, "(", tuple.items(), tuple.size() == 1 ? ",)" : ")", depth);
        } else if (value instanceof PyList list) {
            items(out, "[", list.items(), "]", depth);
        } else if (value instanceof PySet set) {
            items(out, "{", set.items(), "}", depth);
        } else if (value instanceof Dict dict) {
            out.append("{").append(dict.entries().size()).append(" entries}");
        } else {
            throw new AssertionError(value.getClass());
        }
    }

    private static List<PickleValue> argumentsOf(Call call) {
        return call.arguments() instanceof Tuple tuple ? tuple.items() : List.of(call.arguments());
    }

    private static void items(StringBuilder out, String open, List<PickleValue> items, String close, int depth) {
        out.append(open);
        for (int i = 0; i < Math.min(ITEMS, items.size()); i++) {
            out.append(i == 0 ? "" : ", ");
            append(out, items.get(i), depth - 1);
        }
        if (items.size() > ITEMS) {
            out.append(", … ").append(items.size() - ITEMS).append(" more");
        }
        out.append(close);
    }
}
