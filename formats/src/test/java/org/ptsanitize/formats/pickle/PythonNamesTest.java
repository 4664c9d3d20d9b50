package org.ptsanitize.formats.pickle;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.ptsanitize.formats.pickle.PickleValue.Global;

class PythonNamesTest {
    @ParameterizedTest
    @CsvSource({
        "__builtin__, eval, builtins, eval",
        "__builtin__, xrange, builtins, range",
        "__builtin__, long, builtins, int",
        "__builtin__, reduce, functools, reduce",
        "copy_reg, _reconstructor, copyreg, _reconstructor",
        "cPickle, loads, pickle, loads",
        "itertools, izip, builtins, zip",
        "itertools, chain, itertools, chain",
        "UserDict, IterableUserDict, collections, UserDict",
        "UserDict, UserDict, collections, UserDict",
        "cStringIO, StringIO, io, StringIO",
        "exceptions, StandardError, builtins, Exception",
        "exceptions, KeyError, builtins, KeyError",
        "exceptions, system, exceptions, system",
        "collections, OrderedDict, collections, OrderedDict",
        "__BUILTIN__, eval, __BUILTIN__, eval",
        "__builtin__.x, eval, __builtin__.x, eval",
        "my, __builtin__, my, __builtin__"
    })
    void aNameOfPython2HasExactlyOneNameInPython3(String module, String name, String newModule, String newName) {
        assertEquals(new Global(newModule, newName), PythonNames.modern(new Global(module, name)));
    }
}
