package org.ptsanitize.converter.sanitize;

import java.io.IOException;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.ptsanitize.formats.pickle.PickleValue;
import org.ptsanitize.formats.pickle.PickleValue.Call;
import org.ptsanitize.formats.pickle.PickleValue.Global;
import org.ptsanitize.formats.pickle.PickleValue.Tuple;

/**
 * An instance whose class wants keywords, as protocols before 4 write it for want of an opcode
 * ({@code Pickler.save_reduce}): {@code functools.partial(cls.__new__, cls, *arguments, **keywords)()}.
 *
 * @param keywords a mapping
 */
record KeywordInstance(Global type, List<PickleValue> arguments, PickleValue keywords) {
    /** The instance that a call makes in this form, or null. */
    static @Nullable KeywordInstance of(Call call) throws IOException {
        if (!(call.callable() instanceof Call partial)
                || !isGlobal(partial.callable(), "functools", "partial")
                || !(call.arguments() instanceof Tuple none && none.size() == 0)
                || partial.states().size() != 1
                || !(partial.states().get(0) instanceof Tuple state)
                || state.size() != 4
                || !(state.get(1) instanceof Tuple arguments)
                || arguments.size() == 0
                || !(arguments.get(0) instanceof Global type)
                || ObjectState.mapping(state.get(2)) == null) {
            return null;
        }
        return isNew(state.get(0), type)
                ? new KeywordInstance(type, arguments.items().subList(1, arguments.size()), state.get(2))
                : null;
    }

    /** Whether a value is {@code getattr(type, '__new__')}. */
    private static boolean isNew(PickleValue value, Global type) throws IOException {
        return value instanceof Call call
                && isGlobal(call.callable(), "builtins", "getattr")
                && call.arguments() instanceof Tuple two
                && two.size() == 2
                && type.equals(two.get(0))
                && PythonText.of(two.get(1)).filter("__new__"::equals).isPresent();
    }

    private static boolean isGlobal(PickleValue value, String module, String name) {
        return value instanceof Global global && Reviver.className(global).equals(module + "." + name);
    }
}
