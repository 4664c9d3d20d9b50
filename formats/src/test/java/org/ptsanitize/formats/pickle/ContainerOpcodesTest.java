package org.ptsanitize.formats.pickle;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.ptsanitize.formats.pickle.Pickles.bytes;
import static org.ptsanitize.formats.pickle.Pickles.error;
import static org.ptsanitize.formats.pickle.Pickles.pickle;
import static org.ptsanitize.formats.pickle.Pickles.show;
import static org.ptsanitize.formats.pickle.Pickles.shown;

import java.io.IOException;
import org.junit.jupiter.api.Test;
import org.ptsanitize.formats.pickle.PickleValue.PyList;
import org.ptsanitize.formats.pickle.PickleValue.Tuple;

/** Tuples, lists, dicts and sets, and the opcodes that fill them. */
class ContainerOpcodesTest {
    @Test
    void tuplesTakeTheirItemsFromTheStack() throws IOException {
        assertEquals("()", shown(")."));
        assertEquals("(1)", shown("K", 1, Opcode.TUPLE1, "."));
        assertEquals("(1, 2)", shown("K", 1, "K", 2, Opcode.TUPLE2, "."));
        assertEquals("(1, 2, 3)", shown("K", 1, "K", 2, "K", 3, Opcode.TUPLE3, "."));
        assertEquals("(1, 2, 3, 4)", shown("(K", 1, "K", 2, "K", 3, "K", 4, "t."));
    }

    @Test
    void allEmptyTuplesAreOne() throws IOException {
        assertSame(Tuple.of(), pickle(").").root());
        assertSame(Tuple.of(), pickle("(t.").root());
    }

    @Test
    void listsAreMadeFromAMarkOrFilledLater() throws IOException {
        assertEquals("[]", shown("]."));
        assertEquals("[1, 2]", shown("(K", 1, "K", 2, "l."));
        assertEquals("[1, 2, 3]", shown("]K", 1, "a(K", 2, "K", 3, "e(e."));
    }

    @Test
    void aListKeepsEveryItemOfManyBatches() throws IOException {
        StringBuilder batches = new StringBuilder("]");
        for (int i = 0; i < 100; i++) {
            batches.append("(NNNe").append("Na");
        }
        PyList list = (PyList) pickle(batches + ".").root();
        assertEquals(400, list.size());
    }

    @Test
    void dictsKeepTheOrderOfTheirEntriesAndRepeats() throws IOException {
        assertEquals("{}", shown("}."));
        assertEquals("{1: None, 1: True}", shown("(K", 1, "NK", 1, Opcode.NEWTRUE, "d."));
        assertEquals("{1: 2, 3: 4}", shown("}K", 1, "K", 2, "s(K", 3, "K", 4, "u(u."));
    }

    @Test
    void setsTakeItems() throws IOException {
        assertEquals("set{}", shown(Opcode.EMPTY_SET, "."));
        assertEquals("set{1, 1}", shown(Opcode.EMPTY_SET, "(K", 1, "K", 1, Opcode.ADDITEMS, "."));
        assertEquals("frozenset{1}", shown("(K", 1, Opcode.FROZENSET, "."));
    }

    @Test
    void aListCanHoldItself() throws IOException {
        PyList list = (PyList) pickle("]q", 0, "h", 0, "a.").root();
        assertSame(list, list.get(0));
    }

    @Test
    void aKeyWithoutAValueIsMalformed() {
        assertEquals("SETITEMS with a key that has no value (byte 3)", error("}(Nu."));
        assertEquals("DICT with a key that has no value (byte 2)", error("(Nd."));
    }

    @Test
    void onlyListsAndCallsTakeAppends() {
        assertEquals("APPEND on a tuple (byte 2)", error(")Na."));
        assertEquals("APPENDS on a dict (byte 3)", error("}(Ne."));
        assertEquals("APPENDS on None (byte 2)", error("N(e."));
    }

    @Test
    void onlyDictsAndCallsTakeItems() {
        assertEquals("SETITEM on a list (byte 3)", error("]NNs."));
        assertEquals("SETITEMS on an integer (byte 5)", error("K", 1, "(NNu."));
        assertEquals("SETITEMS on a persistent id (byte 5)", error("NQ(NNu."));
    }

    @Test
    void onlySetsAndCallsTakeAddItems() {
        assertEquals("ADDITEMS on a list (byte 3)", error("](N", Opcode.ADDITEMS, "."));
        assertEquals("ADDITEMS on a frozenset (byte 3)", error("(", Opcode.FROZENSET, "(", Opcode.ADDITEMS, "."));
    }

    @Test
    void onlyCallsTakeStates() {
        assertEquals("BUILD on a tuple (byte 2)", error(")}b."));
        assertEquals("BUILD on a global (byte 6)", error("ca\nb\n", "}b."));
        assertEquals("BUILD on a text (byte 4)", error("Va\n}b."));
    }

    @Test
    void shortTuplesOfIntegersThatRepeatAreOneObject() throws IOException {
        byte[] shape = bytes("(K", 3, "M", 0, 4, "t");
        Tuple all = (Tuple) pickle("(", shape, shape, "K", 3, "M", 0, 4, Opcode.TUPLE2, "(K", 3, "K", 4, "tt.")
                .root();
        assertEquals("((3, 1024), (3, 1024), (3, 1024), (3, 4))", show(all));
        assertSame(all.get(0), all.get(1));
        assertSame(all.get(0), all.get(2));
    }

    @Test
    void anItemBehindTheLastIsOutOfBounds() throws IOException {
        PyList list = (PyList) pickle("]NaNaNa.").root();
        assertEquals(3, list.items().size());
        assertThrows(IndexOutOfBoundsException.class, () -> list.items().get(3));
    }
}
