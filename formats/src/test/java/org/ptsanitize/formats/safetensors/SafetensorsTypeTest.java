package org.ptsanitize.formats.safetensors;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.Optional;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.ptsanitize.formats.tensor.DType;

class SafetensorsTypeTest {
    @Test
    void theOrderIsThatOfTheReferenceImplementation() {
        assertEquals(
                "BOOL F4 F6_E2M3 F6_E3M2 U8 I8 F8_E5M2 F8_E4M3 F8_E8M0 F8_E4M3FNUZ F8_E5M2FNUZ I16 U16 F16 BF16"
                        + " I32 U32 F32 C64 F64 I64 U64",
                Arrays.stream(SafetensorsType.values()).map(Enum::name).collect(Collectors.joining(" ")));
    }

    @Test
    void everyTypeThatPyTorchHasIsFoundFromBothSides() {
        for (SafetensorsType type : SafetensorsType.values()) {
            assertEquals(Optional.of(type), SafetensorsType.ofName(type.name()));
            type.dtype().ifPresent(dtype -> assertEquals(Optional.of(type), SafetensorsType.of(dtype)));
        }
        assertEquals(Optional.empty(), SafetensorsType.F6_E2M3.dtype());
        assertEquals(Optional.empty(), SafetensorsType.of(DType.COMPLEX128));
        assertEquals(Optional.of(SafetensorsType.F8_E4M3), SafetensorsType.of(DType.FLOAT8_E4M3FN));
    }

    @Test
    void elementsTakeTheSameBytesOnBothSides() {
        for (SafetensorsType type : SafetensorsType.values()) {
            int values = type == SafetensorsType.F4 ? 2 : 1;
            type.dtype().ifPresent(dtype -> assertEquals(dtype.size() * 8, type.bits() * values, type.name()));
        }
    }

    @Test
    void namesAreExact() {
        assertEquals(Optional.empty(), SafetensorsType.ofName("f32"));
        assertEquals(Optional.empty(), SafetensorsType.ofName(""));
    }

    @Test
    void recentTypesSayWhichReaderTheyNeed() {
        assertEquals("0.7.0", SafetensorsType.C64.since());
        assertTrue(SafetensorsType.C64.isRecent());
        assertFalse(SafetensorsType.F32.isRecent());
    }
}
