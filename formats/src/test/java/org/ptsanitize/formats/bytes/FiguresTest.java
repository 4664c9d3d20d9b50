package org.ptsanitize.formats.bytes;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.Locale;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class FiguresTest {
    @ParameterizedTest
    @ValueSource(longs = {0, 7, 999, 1000, 12_345, 999_999, 1_000_000, -1, -999, -1000, Long.MAX_VALUE, Long.MIN_VALUE})
    void groupsDigitsAsTheFormatterOfTheJdk(long number) {
        assertEquals(String.format(Locale.ROOT, "%,d", number), Figures.grouped(number));
    }

    @ParameterizedTest
    @CsvSource({
        "0, 0 B",
        "999, 999 B",
        "1000, 1.0 kB",
        "1049, 1.0 kB",
        "1050, 1.1 kB",
        "9949, 9.9 kB",
        "9950, 10 kB",
        "10499, 10 kB",
        "10500, 11 kB",
        "999499, 999 kB",
        "999500, 1.0 MB",
        "2400000000, 2.4 GB",
        "999499999999999999, 999 PB",
        "9223372036854775807, 9.2 EB",
    })
    void roundsSizesToTwoOrThreeDigits(long bytes, String expected) {
        assertEquals(expected, Figures.size(bytes));
    }

    @Test
    void countsInTheSingularAndThePlural() {
        assertEquals("0 files", Figures.count(0, "file"));
        assertEquals("1 file", Figures.count(1, "file"));
        assertEquals("1,234 files", Figures.count(1234, "file"));
    }
}
