package org.ptsanitize.formats.pickle;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.ptsanitize.formats.pickle.PickleInput.WINDOW;
import static org.ptsanitize.formats.pickle.Pickles.bytes;
import static org.ptsanitize.formats.pickle.Pickles.error;
import static org.ptsanitize.formats.pickle.Pickles.pickle;
import static org.ptsanitize.formats.pickle.Pickles.shown;
import static org.ptsanitize.formats.pickle.Pickles.u4;
import static org.ptsanitize.formats.pickle.Pickles.u8;

import java.io.IOException;
import org.junit.jupiter.api.Test;
import org.ptsanitize.formats.bytes.Budget;
import org.ptsanitize.formats.bytes.FileFormatException;
import org.ptsanitize.formats.bytes.Limit;
import org.ptsanitize.formats.bytes.LimitExceededException;
import org.ptsanitize.formats.bytes.MalformedFileException;
import org.ptsanitize.formats.bytes.MemorySource;

/** The window over the bytes of a pickle: where it ends, moves and stops. */
class PickleInputTest {
    private final Budget budget = new Budget(Pickles.smallHeap());

    private PickleInput input(long offset, Object... parts) throws FileFormatException {
        return new PickleInput(MemorySource.of("test", bytes(parts)), offset, new Meter(budget), true);
    }

    @Test
    void numbersAreLittleEndian() throws IOException {
        PickleInput in = input(1, "x", 0xfe, 2, 0x80, u4(0x80000001L), u4(0xfffffffeL), u8(0x123456789abcdef0L));
        assertEquals(0xfe, in.u1());
        assertEquals(0x8002, in.u2());
        assertEquals(0x80000001, in.i4());
        assertEquals(0xfffffffeL, in.u4());
        assertEquals(0x123456789abcdef0L, in.u8());
        assertEquals(20, in.position());
    }

    @Test
    void aWindowIsNoLargerThanWhatIsLeft() throws IOException {
        assertEquals(3, input(2, "abcde").window().length);
        assertEquals(WINDOW, input(2, new byte[WINDOW + 3]).window().length);
    }

    @Test
    void aPickleBehindTheEndIsMalformed() throws IOException {
        assertEquals(3, input(3, "abc").position());
        assertThrows(MalformedFileException.class, () -> input(4, "abc"));
    }

    @Test
    void everythingUpToTheLastByteCanBeRead() throws IOException {
        assertEquals("the pickle ends without STOP (byte 2)", error("K", 1));
        assertEquals("the pickle ends without STOP (byte 5)", error("C", 3, "abc"));
        assertArrayEquals(bytes("bc"), input(1, "abc").bytes(2));
        assertEquals(
                "truncated: STOP needs 3 bytes at byte 1, the data ends at byte 3 (byte 0)",
                assertThrows(FileFormatException.class, () -> input(1, "abc").bytes(3))
                        .getMessage());
        assertEquals(
                "truncated: STOP needs 65537 bytes at byte 1, the data ends at byte 3 (byte 0)",
                assertThrows(FileFormatException.class, () -> input(1, "abc").bytes(WINDOW + 1))
                        .getMessage());
    }

    @Test
    void anArrayOfBytesIsBorrowed() throws IOException {
        long before = budget.left(Limit.MEMORY);
        input(0, "abc").bytes(3);
        assertEquals(before - 24, budget.left(Limit.MEMORY));
    }

    @Test
    void anEmptyLineCanStandFirst() throws IOException {
        PickleInput in = input(0, "\nabc\n\n");
        assertEquals(0, in.line().length);
        assertArrayEquals(bytes("abc"), in.line());
        assertEquals(5, in.position());
        assertEquals(0, in.line().length);
        assertEquals(6, in.position());
    }

    @Test
    void linesAreWholeWhereverTheWindowEnds() throws IOException {
        for (int length = WINDOW - 3; length <= WINDOW + 1; length++) {
            String line = "x".repeat(length);
            assertEquals("('" + line + "', 'é', 7)", shown("V", line, "\nV\u00e9\nK", 7, Opcode.TUPLE3, "."));
        }
    }

    @Test
    void aFarLineIsReadFromWhereItIs() throws IOException {
        byte[] filler = bytes("B", u4(3 * WINDOW), new byte[3 * WINDOW], "0");
        String line = "x".repeat(2 * WINDOW);
        assertEquals("('" + line + "', 'b')", shown(filler, "V", line, "\nVb\n", Opcode.TUPLE2, "."));
        assertEquals("UNICODE with a line that has no end (byte 196614)", error(filler, "V", line));
    }

    @Test
    void bytesThatArePassedLeaveTheWindowInPlace() throws IOException {
        byte[] filler = bytes("B", u4(WINDOW + 100), new byte[WINDOW + 100], "0");
        assertEquals("(BYTES'abc', 7)", shown(filler, "C", 3, "abcK", 7, Opcode.TUPLE2, "."));
    }

    @Test
    void anArgumentAcrossTheWindowsEndIsWholeFarFromTheSourcesEnd() throws IOException {
        byte[] before = bytes("X", u4(WINDOW - 10), "x".repeat(WINDOW - 10), "0");
        byte[] behind = new byte[4 * WINDOW];
        assertEquals("305419896", shown(before, "NJ", u4(0x12345678), ".", behind));
    }

    @Test
    void aTextOfExactlyAWindowIsWhole() throws IOException {
        String text = "x".repeat(WINDOW);
        assertEquals("('" + text + "', 7)", shown("X", u4(WINDOW), text, "K", 7, Opcode.TUPLE2, "."));
    }

    private static String textLimit(int limit, Object... parts) {
        LimitExceededException error = assertThrows(
                LimitExceededException.class,
                () -> Pickles.read(bytes(parts), Pickles.smallHeap().with(Limit.TEXT, limit)));
        assertEquals(Limit.TEXT, error.limit());
        return error.getMessage().replaceFirst(";.*", "");
    }

    private static void passes(int limit, Object... parts) throws IOException {
        byte[] pickle = bytes(parts);
        assertEquals(
                pickle.length,
                Pickles.read(pickle, Pickles.smallHeap().with(Limit.TEXT, limit))
                        .end());
    }

    @Test
    void aTextMayBeAsLongAsTheLimitAndNoLonger() throws IOException {
        String limit3 = "needs more than the limit of 3 bytes in one text (byte 2)";
        passes(3, "N0X", u4(3), "abc.");
        passes(3, "N0Vabc\n.");
        assertEquals(limit3, textLimit(3, "N0X", u4(4), "abcd."));
        assertEquals(limit3, textLimit(3, "N0Vabcd\n."));
        assertEquals(limit3, textLimit(3, "N0cabcd\nx\n."));
    }

    @Test
    void aLineLongerThanTheWindowMayBeAsLongAsTheLimitAndNoLonger() throws IOException {
        int limit = WINDOW + 5;
        String line = "x".repeat(limit);
        passes(limit, "V", line, "\n.");
        String message = "needs more than the limit of 65,541 bytes in one text (byte 0)";
        assertEquals(message, textLimit(limit, "V", line, "x\n."));
        assertEquals(message, textLimit(limit, "V", line, new byte[3 * WINDOW]));
    }

    @Test
    void aLineMayEndWithItsFrame() throws IOException {
        assertEquals("'ab'", shown(Opcode.FRAME, u8(4), "Vab\n."));
        assertEquals(
                "UNICODE with a line that crosses the end of its frame at byte 12 (byte 9)",
                error(Opcode.FRAME, u8(3), "Vab\n."));
    }

    @Test
    void aFrameMayEndWithThePickle() throws IOException {
        assertEquals("None", shown(Opcode.FRAME, u8(2), "N."));
    }

    @Test
    void aFrameMayBeTheLastOfAFrame() throws IOException {
        assertEquals("None", shown(Opcode.FRAME, u8(9), Opcode.FRAME, u8(2), "N."));
    }

    @Test
    void aPickleKnowsItsSource() throws IOException {
        MemorySource source = MemorySource.of("test", bytes("xN."));
        Pickle pickle = PickleMachine.read(source, 1, budget);
        assertSame(source, pickle.source());
        assertEquals(1, pickle.start());
        assertEquals(3, pickle.end());
    }

    @Test
    void theHighestProtocolIsFive() throws IOException {
        assertEquals(5, pickle(Opcode.PROTO, 5, "N.").protocol());
    }
}
