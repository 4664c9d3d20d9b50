package org.ptsanitize.converter.sanitize;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;

import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class NumpyMomentsTest {
    /** What numpy's {@code str} gives. */
    @ParameterizedTest
    @CsvSource({
        "M8[Y], -1642, 0328",
        "M8[Y], 20000, 21970",
        "M8[M], -5, 1969-08",
        "M8[W], 12345, 2206-08-07",
        "M8[D], -5, 1969-12-27",
        "M8[D], 12345678, 35771-04-27",
        "M8[h], -5, 1969-12-31T19",
        "M8[m], 12345, 1970-01-09T13:45",
        "M8[s], -5, 1969-12-31T23:59:55",
        "M8[ms], 12345, 1970-01-01T00:00:12.345",
        "M8[ns], 123456789012345678, 1973-11-29T21:33:09.012345678",
        "M8[as], -5, 1969-12-31T23:59:59.999999999999999995",
        "M8[25s], 5, 1970-01-01T00:02:05",
        "M8[s], -9223372036854775808, NaT",
        "m8[D], 5, 5 days",
        "m8[25s], 5, 125 seconds",
        "m8[generic], 7, 7 generic time units",
        "m8[s], -9223372036854775808, NaT",
    })
    void aMomentIsTheTextThatNumpyGives(String code, long ticks, String text) {
        assertEquals(text, text(code, ticks));
    }

    @Test
    void aMomentWithoutAKnownUnitHasNoText() {
        assertNull(text("M8[parsec]", 5));
        assertNull(text("M8[generic]", 5));
        assertNull(text("M8", 5));
    }

    @Test
    void aDateBeyondTheCalendarHasNoText() {
        assertNull(text("M8[W]", Long.MAX_VALUE));
    }

    private static @Nullable String text(String code, long ticks) {
        return NumpyMoments.text(Objects.requireNonNull(NumpyType.ofCode(code)), ticks);
    }
}
