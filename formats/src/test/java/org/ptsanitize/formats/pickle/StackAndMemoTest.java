package org.ptsanitize.formats.pickle;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.ptsanitize.formats.pickle.Pickles.bytes;
import static org.ptsanitize.formats.pickle.Pickles.error;
import static org.ptsanitize.formats.pickle.Pickles.pickle;
import static org.ptsanitize.formats.pickle.Pickles.shown;
import static org.ptsanitize.formats.pickle.Pickles.u4;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.Arrays;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.ptsanitize.formats.bytes.Budget;
import org.ptsanitize.formats.bytes.Limit;
import org.ptsanitize.formats.bytes.MalformedFileException;
import org.ptsanitize.formats.pickle.PickleValue.Int;
import org.ptsanitize.formats.pickle.PickleValue.None;
import org.ptsanitize.formats.pickle.PickleValue.PersistentId;
import org.ptsanitize.formats.pickle.PickleValue.PyList;
import org.ptsanitize.formats.pickle.PickleValue.Tuple;

/** The stack, its marks and the memo. */
class StackAndMemoTest {
    @Test
    void theResultIsTheTopOfTheStackWhateverLiesBelow() throws IOException {
        assertEquals("2", shown("K", 1, "(K", 2, "."));
    }

    @Test
    void aPersistentIdIsItsSpellingUntilItIsLoaded() throws IOException {
        PersistentId id = (PersistentId) pickle("K", 1, "Q.").root();
        assertEquals(new Int(1), id.id());
        assertEquals(Optional.empty(), id.loaded());
        id.load("a storage");
        assertEquals(None.NONE, id.id());
        assertEquals(Optional.of("a storage"), id.loaded());
    }

    @Test
    void anEmptyStackAtStopIsMalformed() {
        assertEquals("STOP needs more values than the stack holds (byte 0)", error("."));
        assertEquals("STOP needs more values than there are above the last MARK (byte 2)", error("N(."));
    }

    @Test
    void aPickleWithoutStopIsMalformed() {
        assertEquals("the pickle ends without STOP (byte 1)", error("N"));
        assertEquals("the pickle ends without STOP (byte 0)", error());
    }

    @Test
    void theEndIsBehindStop() throws IOException {
        Pickle pickle = pickle("N.rest");
        assertEquals(2, pickle.end());
    }

    @Test
    void anUnknownOpcodeIsMalformed() {
        assertEquals("byte 0xff is not an opcode (byte 1)", error("N", 0xff));
    }

    @Test
    void theProtocolIsTheHighestAnnounced() throws IOException {
        assertEquals(0, pickle("N.").protocol());
        assertEquals(
                4,
                pickle(Opcode.PROTO, 2, Opcode.PROTO, 4, Opcode.PROTO, 0, "N.").protocol());
        assertEquals("PROTO 6, at most 5 expected (byte 0)", error(Opcode.PROTO, 6, "N."));
    }

    @Test
    void dupRepeatsTheSameValue() throws IOException {
        Tuple pair = (Tuple) pickle("]2", Opcode.TUPLE2, ".").root();
        assertSame(pair.get(0), pair.get(1));
    }

    @Test
    void popTakesAValueOrAMark() throws IOException {
        assertEquals("1", shown("K", 1, "N0."));
        assertEquals("1", shown("K", 1, "(0."));
        assertEquals("1", shown("K", 1, "(NNN1."));
        assertEquals("POP needs more values than the stack holds (byte 0)", error("0."));
        assertEquals("POP_MARK without a MARK (byte 0)", error("1."));
    }

    @Test
    void noOpcodeReachesBelowAMark() {
        assertEquals(
                "TUPLE1 needs more values than there are above the last MARK (byte 2)", error("N(", Opcode.TUPLE1));
        assertEquals("APPEND needs more values than there are above the last MARK (byte 3)", error("](Na"));
        assertEquals("DUP needs more values than there are above the last MARK (byte 2)", error("N(2"));
        assertEquals("APPENDS with nothing under its MARK (byte 1)", error("(e"));
        assertEquals("APPENDS with nothing under its MARK (byte 3)", error("]((e"));
        assertEquals("TUPLE without a MARK (byte 1)", error("Nt"));
        assertEquals("REDUCE needs more values than the stack holds (byte 1)", error("NR"));
        assertEquals("BINPUT needs more values than the stack holds (byte 0)", error("q", 0));
    }

    @Test
    void theMemoKeepsIdentity() throws IOException {
        Tuple pair = (Tuple) pickle("]q", 7, "h", 7, Opcode.TUPLE2, ".").root();
        assertSame(pair.get(0), pair.get(1));
    }

    @Test
    void allSpellingsShareOneMemo() throws IOException {
        assertEquals("(1, 1)", shown("K", 1, "p5\n0h", 5, "j", u4(5), Opcode.TUPLE2, "."));
        assertEquals("1", shown("K", 1, "r", u4(300), "0g300\n."));
        assertEquals("2", shown("K", 1, "q", 5, "K", 2, "q", 5, "00h", 5, "."));
    }

    @Test
    void memoizeUsesTheNumberOfEntries() throws IOException {
        assertEquals(
                "(1, 2)", shown("K", 1, Opcode.MEMOIZE, "K", 2, Opcode.MEMOIZE, "00h", 0, "h", 1, Opcode.TUPLE2, "."));
        assertEquals("2", shown("K", 1, "q", 9, "q", 9, "K", 2, Opcode.MEMOIZE, "00h", 1, "."));
    }

    @Test
    void anIndexCanBeAsLargeAsThirtyTwoBitsAllow() throws IOException {
        assertEquals("1", shown("K", 1, "r", u4(0xffff_ffffL), "0j", u4(0xffff_ffffL), "."));
        assertEquals("1", shown("K", 1, "p4294967295\n0g4294967295\n."));
        assertEquals("PUT with a memo index above 4294967295 (byte 1)", error("Np4294967296\n."));
        assertEquals("PUT with a line that is not a memo index (byte 1)", error("Np-1\n."));
        assertEquals("GET with a line that is not a memo index (byte 0)", error("g\n."));
    }

    @Test
    void anEntryThatWasNeverPutIsMalformed() {
        assertEquals("BINGET of memo entry 3, which was never put (byte 0)", error("h", 3, "."));
        assertEquals("LONG_BINGET of memo entry 4294967295, which was never put (byte 0)", error("j", u4(-1), "."));
        assertEquals("GET of memo entry 2000, which was never put (byte 3)", error("Nq", 1, "g2000\n."));
    }

    @Test
    void sparseEntriesStayWhenTheMemoGrowsDense() throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        out.writeBytes(bytes("K", 77, "r", u4(5000), "0"));
        for (int i = 0; i < 4000; i++) {
            out.writeBytes(bytes("K", 1, "r", u4(i), "0"));
        }
        out.writeBytes(bytes("]j", u4(5000), "a"));
        out.writeBytes(bytes("K", 78, "r", u4(5000), "0j", u4(5000), "a"));
        out.writeBytes(bytes("N", Opcode.MEMOIZE, "0j", u4(4001), "a."));
        PyList list =
                (PyList) Pickles.read(out.toByteArray(), Pickles.smallHeap()).root();
        assertEquals("[77, 78, None]", Pickles.show(list));
    }

    private static final long PAGE = Meter.array(1024) + Meter.object(1, 0);
    private static final long SPARSE_ENTRY = Meter.object(6, 8) + Meter.object(0, 8) + 2L * Meter.REFERENCE;

    @Test
    void anIndexFarBeyondTheEntriesCostsOneEntryAndOneNearbyAPage() throws IOException {
        assertEquals(PAGE, heapOf(0));
        assertEquals(PAGE, heapOf(0, 1, 1023, 0));
        assertEquals(PAGE, heapOf(1024));
        assertEquals(SPARSE_ENTRY, heapOf(1025));
        assertEquals(SPARSE_ENTRY, heapOf(2000, 2000));
        assertEquals(2 * PAGE, heapOf(0, 1032));
        assertEquals(PAGE + SPARSE_ENTRY, heapOf(0, 1033));
        assertEquals(2 * SPARSE_ENTRY, heapOf(16 << 10, Memo.LAST_INDEX));
    }

    private static long heapOf(long... indexes) throws IOException {
        Budget budget = new Budget(Pickles.smallHeap());
        long before = budget.left(Limit.MEMORY);
        Memo memo = new Memo(new Meter(budget));
        for (long index : indexes) {
            memo.put(index, PickleValue.None.NONE);
        }
        assertEquals(Arrays.stream(indexes).distinct().count(), memo.size());
        assertEquals(before - memo.heap(), budget.left(Limit.MEMORY));
        return memo.heap();
    }

    @Test
    void aMemoOfManyPagesKeepsEveryEntry() throws IOException {
        Memo memo = new Memo(new Meter(new Budget(Pickles.smallHeap())));
        assertEquals(
                "STOP of memo entry 16384, which was never put (byte 0)",
                assertThrows(MalformedFileException.class, () -> memo.get(16 << 10))
                        .getMessage());
        int entries = 26 << 10;
        for (int i = 0; i < entries; i++) {
            memo.put(i, new PickleValue.Int(i));
        }
        for (int i = 0; i < entries; i++) {
            assertEquals(i, ((PickleValue.Int) memo.get(i)).value());
        }
        assertEquals(entries, memo.size());
        assertEquals(26 * PAGE, memo.heap() / PAGE * PAGE);
    }
}
