package org.ptsanitize.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class SizesTest {
    @ParameterizedTest
    @CsvSource({
        "0, 0",
        "1000, 1000",
        "7B, 7",
        "5k, 5000",
        "5KB, 5000",
        "5KiB, 5120",
        "3m, 3000000",
        "3MiB, 3145728",
        "2 gb, x",
        "2GB, 2000000000",
        "2GiB, 2147483648",
        "1TB, 1000000000000",
        "1tib, 1099511627776",
        "' 12 ', 12"
    })
    void numbersMayHaveUnits(String text, String expected) {
        if (expected.equals("x")) {
            assertThrows(IllegalArgumentException.class, () -> Sizes.parse("--max", text));
        } else {
            assertEquals(Long.parseLong(expected), Sizes.parse("--max", text));
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "MB", "-1", "1.5GB", "0x10", "5PB", "5iB", "5XiB", "1e3", "9223372036854775808", "٣"})
    void anythingElseIsAnError(String text) {
        IllegalArgumentException wrong = assertThrows(IllegalArgumentException.class, () -> Sizes.parse("--max", text));
        assertEquals("--max " + text + ": write a number such as 1000, 500MB or 2GiB", wrong.getMessage());
    }

    @Test
    void aNumberThatOverflowsWithItsUnitIsAnError() {
        assertEquals(9_000_000_000_000_000_000L, Sizes.parse("--max", "9000000TB"));
        assertThrows(IllegalArgumentException.class, () -> Sizes.parse("--max", "10000000TB"));
    }
}
