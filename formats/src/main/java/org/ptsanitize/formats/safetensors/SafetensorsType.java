package org.ptsanitize.formats.safetensors;

import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import org.ptsanitize.formats.tensor.DType;

/**
 * An element type of safetensors, in the order of the reference implementation, which its writer sorts by: a later type
 * is written first.
 */
public enum SafetensorsType {
    BOOL(8, "0.2", DType.BOOL),
    /** Two values in a byte. The last dimension is twice that of PyTorch's {@code float4_e2m1fn_x2}. */
    F4(4, "0.6.0", DType.FLOAT4_E2M1FN_X2),
    F6_E2M3(6, "0.6.0"),
    F6_E3M2(6, "0.6.0"),
    U8(8, "0.2", DType.UINT8),
    I8(8, "0.2", DType.INT8),
    F8_E5M2(8, "0.4.1", DType.FLOAT8_E5M2),
    F8_E4M3(8, "0.4.1", DType.FLOAT8_E4M3FN),
    F8_E8M0(8, "0.6.0", DType.FLOAT8_E8M0FNU),
    F8_E4M3FNUZ(8, "0.8.0", DType.FLOAT8_E4M3FNUZ),
    F8_E5M2FNUZ(8, "0.8.0", DType.FLOAT8_E5M2FNUZ),
    I16(16, "0.2", DType.INT16),
    U16(16, "0.2", DType.UINT16),
    F16(16, "0.2", DType.FLOAT16),
    BF16(16, "0.2", DType.BFLOAT16),
    I32(32, "0.2", DType.INT32),
    U32(32, "0.2", DType.UINT32),
    F32(32, "0.2", DType.FLOAT32),
    C64(64, "0.7.0", DType.COMPLEX64),
    F64(64, "0.2", DType.FLOAT64),
    I64(64, "0.2", DType.INT64),
    U64(64, "0.2", DType.UINT64);

    /** The version that every reader in use has. */
    private static final String EVERY_READER = "0.2";

    private static final Map<String, SafetensorsType> BY_NAME = new HashMap<>();
    private static final SafetensorsType[] BY_DTYPE = new SafetensorsType[DType.values().length];

    static {
        for (SafetensorsType type : values()) {
            BY_NAME.put(type.name(), type);
            type.dtype.ifPresent(dtype -> BY_DTYPE[dtype.ordinal()] = type);
        }
    }

    private final int bits;
    private final String since;
    private final Optional<DType> dtype;

    SafetensorsType(int bits, String since) {
        this.bits = bits;
        this.since = since;
        this.dtype = Optional.empty();
    }

    SafetensorsType(int bits, String since, DType dtype) {
        this.bits = bits;
        this.since = since;
        this.dtype = Optional.of(dtype);
    }

    /** Bits of one element. */
    public int bits() {
        return bits;
    }

    /** The first version of the safetensors library that reads a file with this type, such as {@code 0.4.1}. */
    public String since() {
        return since;
    }

    /** Whether readers that are still in use may refuse a whole file because of this type. */
    public boolean isRecent() {
        return !since.equals(EVERY_READER);
    }

    /** PyTorch's type of the same elements; none for the 6-bit types. */
    public Optional<DType> dtype() {
        return dtype;
    }

    /** The type of this exact name. */
    public static Optional<SafetensorsType> ofName(String name) {
        return Optional.ofNullable(BY_NAME.get(name));
    }

    /** The type that holds elements of a PyTorch type without a change of bytes, if there is one. */
    public static Optional<SafetensorsType> of(DType dtype) {
        return Optional.ofNullable(BY_DTYPE[dtype.ordinal()]);
    }
}
