package org.ptsanitize.formats.pickle;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.ptsanitize.formats.pickle.Pickles.error;
import static org.ptsanitize.formats.pickle.Pickles.shown;

import java.io.IOException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Protocol 0: values as lines of text, by Python's rules. */
class TextOpcodesTest {
    @Test
    void integersAreDecimal() throws IOException {
        assertEquals("17", shown("I17\n."));
        assertEquals("-17", shown("I-17\n."));
        assertEquals("17", shown("I+17\n."));
        assertEquals("0", shown("I0\n."));
        assertEquals("9223372036854775808n", shown("I9223372036854775808\n."));
    }

    @Test
    void twoIntegersAreTheBooleans() throws IOException {
        assertEquals("False", shown("I00\n."));
        assertEquals("True", shown("I01\n."));
    }

    @Test
    void aLongMayEndInL() throws IOException {
        assertEquals("17", shown("L17L\n."));
        assertEquals("-17", shown("L-17\n."));
        assertEquals("123456789012345678901n", shown("L123456789012345678901L\n."));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "-", "0x10", "1_0", "012", "1 ", " 1", "1\r", "1L", "1.0", "\u0661"})
    void anythingElseIsNoInteger(String line) {
        assertEquals("INT with a line that is not a decimal integer (byte 0)", error("I" + line + "\n."));
    }

    @Test
    void floatsAreAsPythonPrintsThem() throws IOException {
        assertEquals("1.5", shown("F1.5\n."));
        assertEquals("1.0", shown("F1\n."));
        assertEquals("-100000.0", shown("F-1e5\n."));
        assertEquals("0.5", shown("F.5\n."));
        assertEquals("5.0", shown("F5.\n."));
        assertEquals("NaN", shown("Fnan\n."));
        assertEquals("Infinity", shown("Finf\n."));
        assertEquals("-Infinity", shown("F-Infinity\n."));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", ".", "e5", "1e", "1f", "1d", "0x1p3", " 1", "1 ", "1\r", "1_0", "1e5x", "Infinit"})
    void anythingElseIsNoFloat(String line) {
        assertEquals("FLOAT with a line that is not a float (byte 0)", error("F" + line + "\n."));
    }

    @Test
    void aFloatThatOverflowsIsMalformed() {
        assertEquals("FLOAT with a float that does not fit in 64 bits (byte 0)", error("F1e999\n."));
    }

    @Test
    void stringsResolveTheirEscapes() throws IOException {
        assertEquals("STRING'abc'", shown("S'abc'\n."));
        assertEquals("STRING'it's'", shown("S\"it's\"\n."));
        assertEquals("STRING'\\'\"\b\f\t\n\r\u000b\u0007'", shown("S'\\\\\\'\\\"\\b\\f\\t\\n\\r\\v\\a'\n."));
        assertEquals("STRING'A\u00ff'", shown("S'\\x41\\xfF'\n."));
        assertEquals("STRING'A\u00008\u00ff'", shown("S'\\101\\08\\777'\n."));
        assertEquals("STRING'\\q\u00e9'", shown("S'\\q\u00e9'\n."));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "'", "abc", "'abc", "abc'", "'abc\"", "'abc' ", "'abc'\r"})
    void aStringWithoutQuotesIsMalformed(String line) {
        assertEquals("STRING without quotes around it (byte 0)", error("S" + line + "\n."));
    }

    @Test
    void aBrokenEscapeIsMalformed() {
        assertEquals("STRING with a backslash at its end (byte 0)", error("S'abc\\'\n."));
        assertEquals("STRING with an escape that lacks hexadecimal digits (byte 0)", error("S'\\x4'\n."));
        assertEquals("STRING with an escape that lacks hexadecimal digits (byte 0)", error("S'\\xg0'\n."));
    }

    @Test
    void unicodeIsLatin1WithEscapes() throws IOException {
        assertEquals("'caf\u00e9'", shown("Vcaf\u00e9\n."));
        assertEquals("'\u20ac'", shown("V\\u20ac\n."));
        assertEquals("'\ud83d\ude00'", shown("V\\U0001f600\n."));
        assertEquals("'\\\\u0041'", shown("V\\\\u0041\n."));
        assertEquals("'\\x41\\'", shown("V\\x41\\\n."));
        assertEquals("'\n\\'", shown("V\\u000a\\u005c\n."));
        assertEquals("'\ud800'", shown("V\\ud800\n."));
        assertEquals("'a\r'", shown("Va\r\n."));
    }

    @Test
    void aBrokenUnicodeEscapeIsMalformed() {
        assertEquals("UNICODE with an escape that lacks hexadecimal digits (byte 0)", error("V\\u12\n."));
        assertEquals("UNICODE with an escape that is no character (byte 0)", error("V\\U00110000\n."));
        assertEquals("UNICODE with an escape that is no character (byte 0)", error("V\\Uffffffff\n."));
        assertEquals("UNICODE with a character written as a pair of surrogates (byte 0)", error("V\\ud83d\\ude00\n."));
    }

    @Test
    void aLineLargerThanTheWindowIsReadWhole() throws IOException {
        String large = "x".repeat(3 * PickleInput.WINDOW);
        assertEquals("'" + large + "'", shown("NV" + large + "\n."));
        assertEquals("STRING'" + large + "'", shown("NS'" + large + "'\n."));
    }

    @Test
    void aLineWithoutAnEndIsMalformed() {
        assertEquals("UNICODE with a line that has no end (byte 1)", error("NVabc"));
        assertEquals("INT with a line that has no end (byte 0)", error("I1"));
    }

    @Test
    void aLongWithoutDigitsIsMalformed() {
        assertEquals("LONG with a line that is not a decimal integer (byte 0)", error("L\n."));
        assertEquals("LONG with a line that is not a decimal integer (byte 0)", error("LL\n."));
    }

    @Test
    void numbersHaveAsManyDigitsAsTheLimitAllows() throws IOException {
        String digits = "1".repeat(4300);
        assertEquals(digits + "n", shown("I" + digits + "\n."));
        assertEquals("1.0", shown("F1." + "0".repeat(4298) + "\n."));
        String message = "needs more than the limit of 4,300 bytes or digits in one integer (byte 0);"
                + " raise --max-integer if you trust this file";
        assertEquals(message, error("I" + digits + "1\n."));
        assertEquals(message, error("F1." + "0".repeat(4299) + "\n."));
    }

    @Test
    void octalEscapesHaveThreeDigitsAtMost() throws IOException {
        assertEquals("STRING'\0\7\b\u000f@7Gx'", shown("S'\\0\\7\\10\\17\\1007\\107\\170'\n."));
        assertEquals("STRING'\1'", shown("S'\\1'\n."));
        assertEquals("STRING'\\8\\/'", shown("S'\\8\\/'\n."));
    }

    @Test
    void unicodeEscapesReachTheFirstAndTheLastCharacter() throws IOException {
        assertEquals("'\0\uffff\udbff\udfff'", shown("V\\u0000\\uffff\\U0010ffff\n."));
    }
}
