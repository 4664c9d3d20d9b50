package org.ptsanitize.formats.pickle;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.ptsanitize.formats.pickle.Pickles.error;
import static org.ptsanitize.formats.pickle.Pickles.shown;
import static org.ptsanitize.formats.pickle.Pickles.u4;
import static org.ptsanitize.formats.pickle.Pickles.u8;

import java.io.IOException;
import org.junit.jupiter.api.Test;

/** Frames of protocol 4: what they hold has to end where they end. */
class FramesTest {
    @Test
    void framesFollowEachOtherAndOpcodesStandBetweenThem() throws IOException {
        assertEquals(
                "(1, 2, 3)",
                shown(
                        Opcode.FRAME,
                        u8(2),
                        "K",
                        1,
                        "K",
                        2,
                        Opcode.FRAME,
                        u8(0),
                        Opcode.FRAME,
                        u8(4),
                        "K",
                        3,
                        Opcode.TUPLE3,
                        "."));
    }

    @Test
    void aFrameInsideAFrameIsMalformed() {
        assertEquals(
                "FRAME inside a frame that ends at byte 20 (byte 9)",
                error(Opcode.FRAME, u8(11), Opcode.FRAME, u8(2), "N."));
    }

    @Test
    void aFramePastTheEndIsMalformed() {
        assertEquals("FRAME of 3 bytes, the data ends at byte 11 (byte 0)", error(Opcode.FRAME, u8(3), "N."));
        assertEquals(
                "FRAME with a length of 18446744073709551615, more than any file has (byte 0)",
                error(Opcode.FRAME, u8(-1), "N."));
    }

    @Test
    void anArgumentThatCrossesTheEndOfItsFrameIsMalformed() {
        assertEquals(
                "BININT2 needs 2 bytes at byte 10, its frame ends at byte 11 (byte 9)",
                error(Opcode.FRAME, u8(2), "M", 1, 0, "."));
        assertEquals(
                "BININT1 needs 1 bytes at byte 10, its frame ends at byte 10 (byte 9)",
                error(Opcode.FRAME, u8(1), "K", 1, "."));
        assertEquals(
                "BINUNICODE needs 3 bytes at byte 14, its frame ends at byte 16 (byte 9)",
                error(Opcode.FRAME, u8(7), "X", u4(3), "abc."));
        assertEquals(
                "BINBYTES needs 3 bytes at byte 14, its frame ends at byte 16 (byte 9)",
                error(Opcode.FRAME, u8(7), "B", u4(3), "abc."));
        assertEquals(
                "GLOBAL with a line that crosses the end of its frame at byte 13 (byte 9)",
                error(Opcode.FRAME, u8(4), "ca\nb\n."));
    }

    @Test
    void aLongLineThatCrossesTheEndOfItsFrameIsMalformed() {
        assertEquals(
                "UNICODE with a line that crosses the end of its frame at byte 99 (byte 9)",
                error(Opcode.FRAME, u8(90), "V" + "x".repeat(2 * PickleInput.WINDOW) + "\n."));
    }

    @Test
    void aStopBeforeTheEndOfItsFrameIsMalformed() {
        assertEquals("STOP inside a frame that ends at byte 12 (byte 10)", error(Opcode.FRAME, u8(3), "N.N"));
    }

    @Test
    void aStopBehindAFrameIsLegal() throws IOException {
        assertEquals("None", shown(Opcode.FRAME, u8(1), "N."));
    }
}
