package org.ptsanitize.formats.pickle;

import java.util.Map;
import java.util.Set;
import org.ptsanitize.formats.pickle.PickleValue.Global;

/**
 * The names that Python 3 and PyTorch give to what Python 2 pickled: {@code fix_imports} of Python's unpickler, as far
 * as {@code torch._weights_only_unpickler} knows it, and {@code cPickle}.
 */
public final class PythonNames {
    private static final Map<Global, Global> NAMES = Map.ofEntries(
            rename("__builtin__", "xrange", "builtins", "range"),
            rename("__builtin__", "reduce", "functools", "reduce"),
            rename("__builtin__", "intern", "sys", "intern"),
            rename("__builtin__", "unichr", "builtins", "chr"),
            rename("__builtin__", "unicode", "builtins", "str"),
            rename("__builtin__", "basestring", "builtins", "str"),
            rename("__builtin__", "long", "builtins", "int"),
            rename("itertools", "izip", "builtins", "zip"),
            rename("itertools", "imap", "builtins", "map"),
            rename("itertools", "ifilter", "builtins", "filter"),
            rename("itertools", "ifilterfalse", "itertools", "filterfalse"),
            rename("itertools", "izip_longest", "itertools", "zip_longest"),
            rename("UserDict", "IterableUserDict", "collections", "UserDict"),
            rename("exceptions", "StandardError", "builtins", "Exception"));

    private static final Map<String, String> MODULES = Map.ofEntries(
            Map.entry("__builtin__", "builtins"),
            Map.entry("copy_reg", "copyreg"),
            Map.entry("cPickle", "pickle"),
            Map.entry("Queue", "queue"),
            Map.entry("repr", "reprlib"),
            Map.entry("_abcoll", "collections.abc"),
            Map.entry("UserDict", "collections"),
            Map.entry("UserList", "collections"),
            Map.entry("UserString", "collections"),
            Map.entry("whichdb", "dbm"),
            Map.entry("StringIO", "io"),
            Map.entry("cStringIO", "io"));

    /** The built-in exceptions of Python 2 that Python 3 still has. */
    private static final Set<String> EXCEPTIONS = Set.of(
            "ArithmeticError",
            "AssertionError",
            "AttributeError",
            "BaseException",
            "BufferError",
            "BytesWarning",
            "DeprecationWarning",
            "EOFError",
            "EnvironmentError",
            "Exception",
            "FloatingPointError",
            "FutureWarning",
            "GeneratorExit",
            "IOError",
            "ImportError",
            "ImportWarning",
            "IndentationError",
            "IndexError",
            "KeyError",
            "KeyboardInterrupt",
            "LookupError",
            "MemoryError",
            "NameError",
            "NotImplementedError",
            "OSError",
            "OverflowError",
            "PendingDeprecationWarning",
            "ReferenceError",
            "RuntimeError",
            "RuntimeWarning",
            "StopIteration",
            "SyntaxError",
            "SyntaxWarning",
            "SystemError",
            "SystemExit",
            "TabError",
            "TypeError",
            "UnboundLocalError",
            "UnicodeDecodeError",
            "UnicodeEncodeError",
            "UnicodeError",
            "UnicodeTranslateError",
            "UnicodeWarning",
            "UserWarning",
            "ValueError",
            "Warning",
            "ZeroDivisionError");

    private PythonNames() {}

    /** The Python 3 name of a global; the same global if it has no other. Module and name count exactly. */
    public static Global modern(Global global) {
        Global renamed = NAMES.get(global);
        if (renamed != null) {
            return renamed;
        }
        if (global.module().equals("exceptions") && EXCEPTIONS.contains(global.name())) {
            return new Global("builtins", global.name());
        }
        String module = MODULES.get(global.module());
        return module == null ? global : new Global(module, global.name());
    }

    private static Map.Entry<Global, Global> rename(String module, String name, String newModule, String newName) {
        return Map.entry(new Global(module, name), new Global(newModule, newName));
    }
}
