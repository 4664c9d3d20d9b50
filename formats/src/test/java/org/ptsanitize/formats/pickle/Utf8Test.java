package org.ptsanitize.formats.pickle;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.ptsanitize.formats.bytes.Budget;
import org.ptsanitize.formats.bytes.FileFormatException;
import org.ptsanitize.formats.bytes.Limit;
import org.ptsanitize.formats.bytes.UnsupportedFileException;

class Utf8Test {
    private final Budget budget = new Budget(Pickles.smallHeap());
    private final Meter meter = new Meter(budget);

    private static byte[] bytes(String hex) {
        return HexFormat.of().parseHex(hex);
    }

    @ParameterizedTest
    @CsvSource({
        "00, 0",
        "7f, 7f",
        "c280, 80",
        "dfbf, 7ff",
        "e0a080, 800",
        "ed9fbf, d7ff",
        "eda080, d800",
        "edbfbf, dfff",
        "efbfbf, ffff",
        "f0908080, 10000",
        "f48fbfbf, 10ffff"
    })
    void codePointsOfEveryWidthAreRead(String hex, String point) throws FileFormatException {
        byte[] bytes = bytes(hex);
        int expected = Integer.parseInt(point, 16);
        assertEquals(expected, Utf8.codePoint(bytes, 0, bytes.length));
        assertEquals(bytes.length, Utf8.width(expected));
        byte[] inside = bytes("41" + hex + "80");
        assertEquals(expected, Utf8.codePoint(inside, 1, 1 + bytes.length));
        if (bytes.length > 1) {
            assertEquals(-1, Utf8.codePoint(inside, 1, bytes.length));
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "80",
                "bf",
                "c0bf",
                "c1bf",
                "e09fbf",
                "f08fbfbf",
                "f4908080",
                "f5808080",
                "f8888080",
                "ff",
                "c27f",
                "c2c0",
                "e0a07f",
                "e1c080",
                "f0907f80",
                "f09080c0"
            })
    void anythingElseIsNone(String hex) {
        byte[] bytes = bytes(hex);
        assertEquals(-1, Utf8.codePoint(bytes, 0, bytes.length));
    }

    @Test
    void asciiIsLookedForBetweenTwoIndexes() {
        byte[] bytes = bytes("80007f80");
        assertTrue(Utf8.isAscii(bytes, 1, 3));
        assertTrue(Utf8.isAscii(bytes, 3, 3));
        assertFalse(Utf8.isAscii(bytes, 0, 3));
        assertFalse(Utf8.isAscii(bytes, 1, 4));
    }

    @ParameterizedTest
    @ValueSource(strings = {"\u007f\u0080\u07ff\u0800\ud7ff\ue000\uffff", "a\ud83d\ude00b", "\u20ac", ""})
    void textIsDecodedBetweenTwoIndexes(String text) throws FileFormatException {
        byte[] encoded = text.getBytes(StandardCharsets.UTF_8);
        byte[] inside = bytes("ff" + HexFormat.of().formatHex(encoded) + "ff");
        assertEquals(text, Utf8.decode(inside, 1, inside.length - 1, meter));
        assertEquals(text, Utf8.decodeStrict(encoded, meter));
    }

    @Test
    void unpairedSurrogatesStandBesideCharactersOfEveryWidth() throws FileFormatException {
        byte[] bytes = bytes("ff" + "41" + "eda080" + "c3a9" + "edbfbf" + "e282ac" + "edb080" + "f09f9880" + "ff");
        assertEquals("A\ud800\u00e9\udfff\u20ac\udc00\ud83d\ude00", Utf8.decode(bytes, 1, bytes.length - 1, meter));
    }

    @ParameterizedTest
    @CsvSource({"d800, dc00", "dbff, dfff", "d800, dfff", "dbff, dc00"})
    void twoSurrogatesThatAreACharacterAreUnsupported(String high, String low) {
        UnsupportedFileException error = assertThrows(
                UnsupportedFileException.class,
                () -> Utf8.checkPair(Integer.parseInt(high, 16), Integer.parseInt(low, 16), meter));
        assertEquals("STOP with a character written as a pair of surrogates (byte 0)", error.getMessage());
    }

    @ParameterizedTest
    @CsvSource({"d7ff, dc00", "dc00, dc00", "d800, dbff", "d800, e000", "dfff, d800"})
    void othersStayApart(String before, String point) throws FileFormatException {
        Utf8.checkPair(Integer.parseInt(before, 16), Integer.parseInt(point, 16), meter);
    }

    @ParameterizedTest
    @ValueSource(strings = {"eda080", "edbfbf", "c3", "41ff"})
    void strictTextHasNoSurrogates(String hex) {
        assertEquals(
                "STOP with text that is not valid UTF-8 (byte 0)",
                assertThrows(FileFormatException.class, () -> Utf8.decodeStrict(bytes(hex), meter))
                        .getMessage());
    }

    @Test
    void decodingBorrowsTheCharactersOfItsBytes() throws FileFormatException {
        long before = budget.left(Limit.MEMORY);
        Utf8.decode(bytes("ffc3a9ff"), 1, 3, meter);
        assertEquals(before - 10, budget.left(Limit.MEMORY));
        Utf8.decodeStrict(bytes("c3a941"), meter);
        assertEquals(before - 25, budget.left(Limit.MEMORY));
    }
}
