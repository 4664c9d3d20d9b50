package org.ptsanitize.formats.tensor;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TransposeTest {
    private static final int SQUARES = 5;
    private static final int FROM_ROW = 100;
    private static final int TO_ROW = 40;

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 4})
    void everyElementIsWhereTheTransposeHasIt(int size) {
        int side = Transpose.side(size);
        byte[] from = new byte[2000];
        new Random(3).nextBytes(from);
        byte[] to = new byte[2000];
        byte[] expected = new byte[2000];
        for (int row = 0; row < side; row++) {
            for (int column = 0; column < side * SQUARES; column++) {
                int source = 7 + row * FROM_ROW + column * size;
                System.arraycopy(from, source, expected, 3 + column * TO_ROW + row * size, size);
            }
        }

        Transpose.squares(size, SQUARES, from, 7, FROM_ROW, to, 3, TO_ROW);

        assertArrayEquals(expected, to);
    }

    @Test
    void elementsAsLargeAsAWordHaveNoSquares() {
        assertEquals(1, Transpose.side(8));
        assertEquals(1, Transpose.side(16));
    }
}
