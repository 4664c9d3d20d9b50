package org.ptsanitize.formats.pickle;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.ptsanitize.formats.pickle.PickleValue.Global;
import org.ptsanitize.formats.pickle.PickleValue.PyList;
import org.ptsanitize.formats.pickle.PickleValue.Tuple;

/** The value model and the closed lists behind it. */
class PickleModelTest {
    @Test
    void everyOpcodeIsFoundByItsByte() {
        assertEquals(68, Opcode.values().length);
        for (Opcode opcode : Opcode.values()) {
            assertSame(opcode, Opcode.of(opcode.code()));
        }
        assertNull(Opcode.of(0));
        assertNull(Opcode.of(0x99));
    }

    @Test
    void protocolsHaveAsManyOpcodesAsPythonSays() {
        long[] counts = new long[6];
        for (Opcode opcode : Opcode.values()) {
            counts[opcode.protocol()]++;
        }
        assertEquals("[22, 19, 12, 2, 10, 3]", Arrays.toString(counts));
    }

    @Test
    void everyKindOfValueHasAName() throws IOException {
        Object[][] pickles = {
            {"N."}, {Opcode.NEWTRUE, "."}, {"I1\n."}, {"L99999999999999999999L\n."}, {"F1\n."}, {"Vx\n."}, {"S''\n."},
            {"cm\nn\n."}, {")."}, {"]."}, {"}."}, {Opcode.EMPTY_SET, "."}, {"N)R."}, {"NQ."}
        };
        Set<Class<?>> kinds = new HashSet<>();
        for (Object[] pickle : pickles) {
            PickleValue value = Pickles.pickle(pickle).root();
            assertFalse(Kinds.of(value).isEmpty());
            kinds.add(value.getClass());
        }
        assertEquals(Set.of(PickleValue.class.getPermittedSubclasses()), kinds);
    }

    @Test
    void globalsAreOrderedByModuleAndThenByName() {
        List<Global> globals =
                new ArrayList<>(List.of(new Global("b", "a"), new Global("a", "c"), new Global("a", "b")));
        globals.sort(null);
        assertEquals(List.of(new Global("a", "b"), new Global("a", "c"), new Global("b", "a")), globals);
        assertEquals("a.b", globals.get(0).dotted());
    }

    @Test
    void itemsCannotBeChanged() throws IOException {
        PyList list = (PyList) Pickles.pickle("]Na.").root();
        Tuple tuple = (Tuple) Pickles.pickle("N\u0085.").root();
        assertThrows(UnsupportedOperationException.class, () -> list.items().set(0, tuple));
        assertThrows(UnsupportedOperationException.class, () -> tuple.items().set(0, list));
        assertThrows(IndexOutOfBoundsException.class, () -> list.get(1));
    }
}
