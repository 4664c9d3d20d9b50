package org.ptsanitize.formats.tensor;

import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/**
 * An element type of PyTorch 2.13. The facts are those of {@code torch.dtype}; sizes are bytes of one element as it lies
 * in a storage ({@link #FLOAT4_E2M1FN_X2} is one byte holding two values).
 */
public enum DType {
    FLOAT64("float64", 8, 8, "DoubleStorage"),
    FLOAT32("float32", 4, 4, "FloatStorage"),
    FLOAT16("float16", 2, 2, "HalfStorage"),
    BFLOAT16("bfloat16", 2, 2, "BFloat16Storage"),
    INT64("int64", 8, 8, "LongStorage"),
    INT32("int32", 4, 4, "IntStorage"),
    INT16("int16", 2, 2, "ShortStorage"),
    INT8("int8", 1, 1, "CharStorage"),
    UINT8("uint8", 1, 1, "ByteStorage"),
    BOOL("bool", 1, 1, "BoolStorage"),
    COMPLEX128("complex128", 16, 8, "ComplexDoubleStorage"),
    COMPLEX64("complex64", 8, 4, "ComplexFloatStorage"),
    COMPLEX32("complex32", 4, 2, ""),
    UINT16("uint16", 2, 2, ""),
    UINT32("uint32", 4, 4, ""),
    UINT64("uint64", 8, 8, ""),
    FLOAT8_E4M3FN("float8_e4m3fn", 1, 1, ""),
    FLOAT8_E5M2("float8_e5m2", 1, 1, ""),
    FLOAT8_E4M3FNUZ("float8_e4m3fnuz", 1, 1, ""),
    FLOAT8_E5M2FNUZ("float8_e5m2fnuz", 1, 1, ""),
    FLOAT8_E8M0FNU("float8_e8m0fnu", 1, 1, ""),
    FLOAT4_E2M1FN_X2("float4_e2m1fn_x2", 1, 1, ""),
    BITS8("bits8", 1, 1, ""),
    BITS16("bits16", 2, 2, ""),
    BITS1X8("bits1x8", 1, 1, ""),
    BITS2X4("bits2x4", 1, 1, ""),
    BITS4X2("bits4x2", 1, 1, ""),
    QINT8("qint8", 1, 1, "QInt8Storage"),
    QUINT8("quint8", 1, 1, "QUInt8Storage"),
    QINT32("qint32", 4, 4, "QInt32Storage"),
    /** Two values in a byte, the first in the low nibble. */
    QUINT4X2("quint4x2", 1, 1, "QUInt4x2Storage"),
    /** Four values in a byte, the first in the low two bits. */
    QUINT2X4("quint2x4", 1, 1, "QUInt2x4Storage"),
    /** PyTorch 2.14 and later. */
    BCOMPLEX32("bcomplex32", 4, 2, "");

    private static final Map<String, DType> BY_NAME = new HashMap<>();
    private static final Map<String, Optional<DType>> BY_STORAGE = new HashMap<>();

    static {
        for (DType dtype : values()) {
            BY_NAME.put(dtype.torchName, dtype);
            if (!dtype.storageClass.isEmpty()) {
                BY_STORAGE.put(dtype.storageClass, Optional.of(dtype));
            }
        }
        alias("double", FLOAT64);
        alias("float", FLOAT32);
        alias("half", FLOAT16);
        alias("long", INT64);
        alias("int", INT32);
        alias("short", INT16);
        alias("cdouble", COMPLEX128);
        alias("cfloat", COMPLEX64);
        alias("chalf", COMPLEX32);
    }

    private final String torchName;
    private final int size;
    private final int swapUnit;
    private final String storageClass;

    DType(String torchName, int size, int swapUnit, String storageClass) {
        this.torchName = torchName;
        this.size = size;
        this.swapUnit = swapUnit;
        this.storageClass = storageClass;
    }

    private static void alias(String name, DType dtype) {
        BY_NAME.put(name, dtype);
    }

    /** The name in the {@code torch} module, such as {@code float32}. */
    public String torchName() {
        return torchName;
    }

    /** Bytes of one element. */
    public int size() {
        return size;
    }

    /** Bytes that are reversed together between byte orders; a complex number swaps each half by itself. */
    public int swapUnit() {
        return swapUnit;
    }

    /** The storage class that carries this type in a pickle, such as {@code FloatStorage}; empty if untyped. */
    public String storageClass() {
        return storageClass;
    }

    /** Whether a storage class of this type exists; else it is written as an untyped storage with a dtype argument. */
    public boolean hasStorageClass() {
        return !storageClass.isEmpty();
    }

    public boolean isComplex() {
        return this == COMPLEX128 || this == COMPLEX64 || this == COMPLEX32 || this == BCOMPLEX32;
    }

    public boolean isQuantized() {
        return this == QINT8 || this == QUINT8 || this == QINT32 || this == QUINT4X2 || this == QUINT2X4;
    }

    /** Values packed in one element: 2 or 4 for the packed quantized types, else 1. */
    public int valuesPerElement() {
        return this == QUINT4X2 ? 2 : this == QUINT2X4 ? 4 : 1;
    }

    /** The type of a name in the {@code torch} module, aliases such as {@code half} included. */
    public static Optional<DType> ofTorchName(String name) {
        return Optional.ofNullable(BY_NAME.get(name));
    }

    /** The type of a storage class name such as {@code FloatStorage}. */
    public static Optional<DType> ofStorageClass(String name) {
        return BY_STORAGE.getOrDefault(name, Optional.empty());
    }
}
