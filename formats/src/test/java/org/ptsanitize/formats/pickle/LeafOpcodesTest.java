package org.ptsanitize.formats.pickle;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.ptsanitize.formats.pickle.Pickles.bytes;
import static org.ptsanitize.formats.pickle.Pickles.error;
import static org.ptsanitize.formats.pickle.Pickles.pickle;
import static org.ptsanitize.formats.pickle.Pickles.shown;
import static org.ptsanitize.formats.pickle.Pickles.u4;
import static org.ptsanitize.formats.pickle.Pickles.u8;

import java.io.IOException;
import org.junit.jupiter.api.Test;
import org.ptsanitize.formats.bytes.Budget;
import org.ptsanitize.formats.bytes.ByteRange;
import org.ptsanitize.formats.bytes.Limit;
import org.ptsanitize.formats.bytes.MemorySource;
import org.ptsanitize.formats.pickle.PickleValue.Bytes;
import org.ptsanitize.formats.pickle.PickleValue.Text;

/** Values without parts, in their binary spellings. */
class LeafOpcodesTest {
    @Test
    void constantsAreThemselves() throws IOException {
        assertEquals("None", shown("N."));
        assertEquals("True", shown(Opcode.NEWTRUE, "."));
        assertEquals("False", shown(Opcode.NEWFALSE, "."));
    }

    @Test
    void shortIntegersAreUnsignedAndFourBytesAreSigned() throws IOException {
        assertEquals("255", shown("K", 255, "."));
        assertEquals("65535", shown("M", 255, 255, "."));
        assertEquals("-2", shown("J", u4(-2), "."));
    }

    @Test
    void longIntegersAreTwosComplementOfAnyLength() throws IOException {
        assertEquals("0", shown(Opcode.LONG1, 0, "."));
        assertEquals("-1", shown(Opcode.LONG1, 1, 0xff, "."));
        assertEquals("255", shown(Opcode.LONG1, 2, 0xff, 0, "."));
        assertEquals(Long.toString(Long.MIN_VALUE), shown(Opcode.LONG1, 8, u8(Long.MIN_VALUE), "."));
        assertEquals("9223372036854775808n", shown(Opcode.LONG1, 9, u8(Long.MIN_VALUE), 0, "."));
        assertEquals("-9223372036854775809n", shown(Opcode.LONG4, u4(9), u8(Long.MAX_VALUE), 0xff, "."));
        assertEquals("7", shown(Opcode.LONG4, u4(12), u8(7), u4(0), "."));
    }

    @Test
    void aNegativeLengthOfAnIntegerIsMalformed() {
        assertEquals("LONG4 with the negative length -1 (byte 0)", error(Opcode.LONG4, u4(-1), "."));
    }

    @Test
    void anIntegerOverTheLimitIsRefused() {
        assertEquals(
                "needs more than the limit of 4,300 bytes or digits in one integer (byte 0);"
                        + " raise --max-integer if you trust this file",
                error(Opcode.LONG4, u4(4301), new byte[4301], "."));
    }

    @Test
    void floatsAreBigEndian() throws IOException {
        assertEquals("1.5", shown("G", 0x3f, 0xf8, 0, 0, 0, 0, 0, 0, "."));
        assertEquals("-0.0", shown("G", 0x80, 0, 0, 0, 0, 0, 0, 0, "."));
    }

    @Test
    void textsComeWithThreeKindsOfLengths() throws IOException {
        assertEquals("'weight'", shown("X", u4(6), "weight."));
        assertEquals("'weight'", shown(Opcode.SHORT_BINUNICODE, 6, "weight."));
        assertEquals("'weight'", shown(Opcode.BINUNICODE8, u8(6), "weight."));
        assertEquals("''", shown("X", u4(0), "."));
    }

    @Test
    void textsOutsideAsciiAreUtf8() throws IOException {
        assertEquals("'é€'", shown("X", u4(5), 0xc3, 0xa9, 0xe2, 0x82, 0xac, "."));
        assertEquals("'\ud83d\ude00'", shown("X", u4(4), 0xf0, 0x9f, 0x98, 0x80, "."));
    }

    @Test
    void anUnpairedSurrogateIsKept() throws IOException {
        assertEquals("'a\ud800é'", shown("X", u4(6), "a", 0xed, 0xa0, 0x80, 0xc3, 0xa9, "."));
        assertEquals("'\udc00\ud800'", shown("X", u4(6), 0xed, 0xb0, 0x80, 0xed, 0xa0, 0x80, "."));
    }

    @Test
    void aCharacterWrittenAsTwoSurrogatesIsUnsupported() {
        assertEquals(
                "BINUNICODE with a character written as a pair of surrogates (byte 0)",
                error("X", u4(6), 0xed, 0xa0, 0xbd, 0xed, 0xb8, 0x80, "."));
    }

    @Test
    void invalidUtf8IsMalformed() {
        String message = "SHORT_BINUNICODE with text that is not valid UTF-8 (byte 0)";
        assertEquals(message, error(Opcode.SHORT_BINUNICODE, 1, 0x80, "."));
        assertEquals(message, error(Opcode.SHORT_BINUNICODE, 1, 0xff, "."));
        assertEquals(message, error(Opcode.SHORT_BINUNICODE, 2, 0xc0, 0x80, "."));
        assertEquals(message, error(Opcode.SHORT_BINUNICODE, 2, 0xc3, 0x28, "."));
        assertEquals(message, error(Opcode.SHORT_BINUNICODE, 2, 0xe2, 0x82, "."));
        assertEquals(message, error(Opcode.SHORT_BINUNICODE, 3, 0xe0, 0x80, 0x80, "."));
        assertEquals(message, error(Opcode.SHORT_BINUNICODE, 4, 0xf4, 0x90, 0x80, 0x80, "."));
        assertEquals(message, error(Opcode.SHORT_BINUNICODE, 4, 0xf0, 0x80, 0x80, 0x80, "."));
    }

    @Test
    void aTextLargerThanTheWindowIsReadWhole() throws IOException {
        String large = "x".repeat(PickleInput.WINDOW + 1);
        assertEquals(large, ((Text) pickle("X", u4(large.length()), large, ".").root()).value());
    }

    @Test
    void aTextAcrossTheEndOfTheWindowIsReadWhole() throws IOException {
        byte[] filler = bytes("X", u4(PickleInput.WINDOW - 10), "x".repeat(PickleInput.WINDOW - 10), "0");
        assertEquals("'0123456789'", shown(filler, "X", u4(10), "0123456789."));
    }

    @Test
    void textsThatRepeatAreOneObject() throws IOException {
        Pickle pickle = pickle("X", u4(3), "cpuX", u4(3), "cpu", Opcode.TUPLE2, ".");
        PickleValue.Tuple pair = (PickleValue.Tuple) pickle.root();
        assertSame(pair.get(0), pair.get(1));
    }

    @Test
    void bytesStayInTheSource() throws IOException {
        byte[] pickle = bytes("C", 3, 1, 2, 3, ".");
        MemorySource source = MemorySource.of("test", pickle);
        Bytes value = (Bytes)
                PickleMachine.read(source, 0, new Budget(Pickles.smallHeap())).root();
        assertEquals(new ByteRange(source, 2, 3), value.range());
    }

    @Test
    void bytesKnowWhatTheyWereInPython() throws IOException {
        assertEquals("BYTES'ab'", shown("C", 2, "ab."));
        assertEquals("BYTES'ab'", shown("B", u4(2), "ab."));
        assertEquals("BYTES'ab'", shown(Opcode.BINBYTES8, u8(2), "ab."));
        assertEquals("BYTEARRAY'ab'", shown(Opcode.BYTEARRAY8, u8(2), "ab."));
        assertEquals("STRING'ab'", shown("U", 2, "ab."));
        assertEquals("STRING'ab'", shown("T", u4(2), "ab."));
    }

    @Test
    void aNegativeLengthOfAStringIsMalformed() {
        assertEquals("BINSTRING with the negative length -1 (byte 0)", error("T", u4(-1), "."));
    }

    @Test
    void aLengthPastTheEndIsMalformed() {
        assertEquals(
                "truncated: BINUNICODE needs 4294967295 bytes at byte 5, the data ends at byte 8 (byte 0)",
                error("X", u4(-1), "ab."));
        assertEquals(
                "truncated: BINBYTES8 needs 4294967302 bytes at byte 9, the data ends at byte 16 (byte 0)",
                error(Opcode.BINBYTES8, u8((1L << 32) + 6), "abcdef."));
        assertEquals("truncated: BININT needs 4 bytes at byte 1, the data ends at byte 3 (byte 0)", error("J", 1, 2));
    }

    @Test
    void aLengthThatNoFileHasIsMalformed() {
        assertEquals(
                "BYTEARRAY8 with a length of 18446744073709551615, more than any file has (byte 0)",
                error(Opcode.BYTEARRAY8, u8(-1), "."));
    }

    @Test
    void offsetsCountFromTheStartOfTheSource() {
        byte[] pickle = bytes("N.", "K", 1, "J");
        MemorySource source = MemorySource.of("test", pickle);
        assertEquals(
                "truncated: BININT needs 4 bytes at byte 5, the data ends at byte 5 (byte 4)",
                assertThrows(IOException.class, () -> PickleMachine.read(source, 2, new Budget(Pickles.smallHeap())))
                        .getMessage());
    }

    @Test
    void aLengthOfAnIntegerPastTheEndIsMalformed() {
        assertEquals(
                "truncated: LONG4 needs 5000 bytes at byte 5, the data ends at byte 6 (byte 0)",
                error(Opcode.LONG4, u4(5000), "."));
    }

    @Test
    void emptyBytesAreBytes() throws IOException {
        assertEquals("STRING''", shown("T", u4(0), "."));
        assertEquals("BYTES''", shown("C", 0, "."));
    }

    @Test
    void aTextThatNoArrayHoldsIsUnsupported() {
        RepeatingSource source =
                new RepeatingSource(bytes(Opcode.BINUNICODE8, u8(Integer.MAX_VALUE - 7)), i -> bytes("x"), 1L << 34);
        Budget budget = new Budget(Pickles.smallHeap().with(Limit.TEXT, 1L << 33));
        assertEquals(
                "BINUNICODE8 with a text of 2147483640 bytes (byte 0)",
                assertThrows(IOException.class, () -> PickleMachine.read(source, 0, budget))
                        .getMessage());
    }
}
