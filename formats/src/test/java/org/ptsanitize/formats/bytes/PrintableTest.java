package org.ptsanitize.formats.bytes;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.api.Test;

class PrintableTest {
    @Test
    void plainTextIsQuoted() {
        assertEquals("\"layer.0/weight é 重 😀\"", Printable.quote("layer.0/weight é 重 😀"));
    }

    @Test
    void quotesAndBackslashesAreEscaped() {
        assertEquals("\"a\\\"b\\\\c\"", Printable.quote("a\"b\\c"));
    }

    @Test
    void whatATerminalWouldObeyIsEscaped() {
        assertEquals("\"\\u001b[2J\\u000a\\u0000\\u009b\"", Printable.quote("\u001b[2J\n\0\u009b"));
    }

    @Test
    void whatTurnsOrHidesTextIsEscaped() {
        assertEquals("\"\\u202e\\u200b\\u2028\\ufeff\"", Printable.quote("\u202e\u200b\u2028\ufeff"));
    }

    @Test
    void unpairedSurrogatesAreEscaped() {
        assertEquals("\"\\ud83d-\\ude00\"", Printable.quote("\ud83d-\ude00"));
    }

    @Test
    void charactersBeyondSixteenBitsAreEscapedInOnePiece() {
        assertEquals("\"\\U000e0041\"", Printable.quote(new String(Character.toChars(0xE0041))));
    }

    @Test
    void longTextIsCut() {
        assertEquals("\"" + "a".repeat(200) + "…\"", Printable.quote("a".repeat(201)));
        assertEquals("\"" + "a".repeat(200) + "\"", Printable.quote("a".repeat(200)));
    }
}
