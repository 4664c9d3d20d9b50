package org.ptsanitize.converter.sanitize;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.ptsanitize.formats.bytes.MemorySource;
import org.ptsanitize.formats.numpy.NpyHeader;
import org.ptsanitize.formats.pickle.PickleValue.Bool;
import org.ptsanitize.formats.pickle.PickleValue.Call;
import org.ptsanitize.formats.pickle.PickleValue.Global;

class NumpyTypeTest {
    @Test
    void theFieldsOfARecordHaveTheirPlaces() throws IOException {
        NumpyType type =
                Objects.requireNonNull(described("[('a', '<f4', (2, 3)), ('', '|V4'), (('title', 'b'), '>i8')]"));
        assertEquals(36, type.size());
        assertEquals(
                List.of("a", "b"),
                type.fields().stream().map(NumpyType.Field::name).toList());
        assertEquals(
                List.of(0, 28),
                type.fields().stream().map(NumpyType.Field::offset).toList());
        assertEquals(List.of(2L, 3L), type.fields().get(0).inner());
        assertEquals(ByteOrder.BIG_ENDIAN, type.fields().get(1).type().order());
    }

    @ParameterizedTest
    @ValueSource(strings = {"[('x', '<f4'), ('x', '<i2')]", "[('n', [('x', '>f8'), ('x', '<i2', (2,))])]"})
    void aNameThatStandsTwiceIsNoTypeOfNumpys(String description) throws IOException {
        assertNull(described(description));
    }

    /** The type that a {@code .npy} file of this description has. */
    private static @Nullable NumpyType described(String description) throws IOException {
        byte[] text = ("{'descr': " + description + ", 'fortran_order': False, 'shape': (3,), }\n")
                .getBytes(StandardCharsets.US_ASCII);
        byte[] file = ByteBuffer.allocate(10 + text.length)
                .order(ByteOrder.LITTLE_ENDIAN)
                .put((byte) 0x93)
                .put("NUMPY".getBytes(StandardCharsets.US_ASCII))
                .put(new byte[] {1, 0})
                .putShort((short) text.length)
                .put(text)
                .array();
        NpyHeader header = NpyHeader.read(MemorySource.of("npy", file));
        return NumpyType.parse(Call.of(new Global("numpy", "dtype"), header.type(), Bool.FALSE, Bool.TRUE));
    }
}
