package org.ptsanitize.formats.pickle;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.ptsanitize.formats.pickle.Pickles.bytes;
import static org.ptsanitize.formats.pickle.Pickles.u4;
import static org.ptsanitize.formats.pickle.Pickles.u8;

import java.io.IOException;
import org.junit.jupiter.api.Test;
import org.ptsanitize.formats.bytes.Budget;
import org.ptsanitize.formats.bytes.FileFormatException;
import org.ptsanitize.formats.bytes.MemorySource;

class PickleListingTest {
    private static String listing(Object... parts) throws IOException {
        StringBuilder out = new StringBuilder();
        PickleListing.write(MemorySource.of("test", bytes(parts)), 0, new Budget(Pickles.smallHeap()), out);
        return out.toString();
    }

    @Test
    void everyKindOfArgumentIsShown() throws IOException {
        assertEquals(
                """
                0: PROTO 4
                2: FRAME 10
                11: BININT1 255
                13: BININT2 256
                16: BININT -2
                21: EXT1 7
                23: BINFLOAT 1.5
                32: INT '17'
                36: GLOBAL 'os' 'system'
                47: SHORT_BINSTRING b'a\\xff\\x00'
                52: BINUNICODE 'a\u00e9'
                60: LONG1 0
                62: LONG1 -256
                66: LONG1 65535
                71: LONG_BINGET 4294967295
                76: STOP
                """,
                listing(
                        Opcode.PROTO,
                        4,
                        Opcode.FRAME,
                        u8(10),
                        "K",
                        255,
                        "M",
                        0,
                        1,
                        "J",
                        u4(-2),
                        Opcode.EXT1,
                        7,
                        "G",
                        0x3f,
                        0xf8,
                        0,
                        0,
                        0,
                        0,
                        0,
                        0,
                        "I17\ncos\nsystem\nU",
                        3,
                        "a",
                        0xff,
                        0,
                        "X",
                        u4(3),
                        "a",
                        0xc3,
                        0xa9,
                        Opcode.LONG1,
                        0,
                        Opcode.LONG1,
                        2,
                        0,
                        0xff,
                        Opcode.LONG1,
                        3,
                        0xff,
                        0xff,
                        0,
                        "j",
                        u4(-1),
                        "."));
    }

    @Test
    void textThatCouldSteerATerminalIsEscaped() throws IOException {
        assertEquals(
                "0: BINUNICODE '\\u001b[31m\\u202e\\ud800\\\\\\''\n18: STOP\n",
                listing("X", u4(13), 0x1b, "[31m", 0xe2, 0x80, 0xae, 0xed, 0xa0, 0x80, "\\'."));
    }

    @Test
    void bytesThatAreNoTextAreShownAsBytes() throws IOException {
        assertEquals("0: BINUNICODE 'a\\xff'\n7: STOP\n", listing("X", u4(2), "a", 0xff, "."));
    }

    @Test
    void longArgumentsAreCut() throws IOException {
        assertEquals(
                "0: BINBYTES b'" + "x".repeat(96) + "'… (1000 bytes)\n1005: STOP\n",
                listing("B", u4(1000), "x".repeat(1000), "."));
        assertEquals(
                "0: UNICODE '" + "x".repeat(96) + "'… (97 bytes)\n99: STOP\n", listing("V" + "x".repeat(97) + "\n."));
        assertEquals("0: LONG1 97 bytes\n99: STOP\n", listing(Opcode.LONG1, 97, new byte[97], "."));
    }

    @Test
    void linesBeforeAnErrorAreWritten() {
        StringBuilder out = new StringBuilder();
        FileFormatException error = assertThrows(
                FileFormatException.class,
                () -> PickleListing.write(
                        MemorySource.of("test", bytes("N", 0xff)), 0, new Budget(Pickles.smallHeap()), out));
        assertEquals("0: NONE\n", out.toString());
        assertEquals("byte 0xff is not an opcode (byte 1)", error.getMessage());
    }

    @Test
    void theEndIsBehindStop() throws IOException {
        assertEquals(
                3,
                PickleListing.write(
                        MemorySource.of("test", bytes("NN.N")),
                        1,
                        new Budget(Pickles.smallHeap()),
                        new StringBuilder()));
    }
}
