package org.ptsanitize.converter.restore;

import java.util.Arrays;
import java.util.Optional;
import org.ptsanitize.formats.safetensors.SafetensorsType;
import org.ptsanitize.formats.tensor.DType;
import org.ptsanitize.formats.tensor.TensorView;

/**
 * How an element type is written to safetensors. What the format has no type for keeps its bytes under another type and
 * a shape that holds them, never a cast.
 */
public record Representation(SafetensorsType type, long[] shape, boolean changed) {
    /** The form in which a tensor is written. */
    public static Representation of(TensorView view) {
        return of(view.dtype(), view.sizes(), view.byteSize());
    }

    /** The form of a tensor with an element type, a shape and the bytes that both make. */
    public static Representation of(DType dtype, long[] sizes, long byteSize) {
        if (dtype == DType.FLOAT4_E2M1FN_X2) {
            return packedFloat(sizes);
        }
        Optional<SafetensorsType> same = SafetensorsType.of(dtype);
        if (same.isPresent()) {
            return new Representation(same.get(), sizes, false);
        }
        return switch (dtype) {
            case COMPLEX128 -> split(SafetensorsType.F64, sizes);
            case COMPLEX32 -> split(SafetensorsType.F16, sizes);
            case BCOMPLEX32 -> split(SafetensorsType.BF16, sizes);
            case BITS16 -> split(SafetensorsType.U8, sizes);
            case BITS8, BITS1X8, BITS2X4, BITS4X2, QUINT8 -> new Representation(SafetensorsType.U8, sizes, true);
            case QINT8 -> new Representation(SafetensorsType.I8, sizes, true);
            case QINT32 -> new Representation(SafetensorsType.I32, sizes, true);
            case QUINT4X2, QUINT2X4 -> new Representation(SafetensorsType.U8, new long[] {byteSize}, true);
            case FLOAT64,
                    FLOAT32,
                    FLOAT16,
                    BFLOAT16,
                    INT64,
                    INT32,
                    INT16,
                    INT8,
                    UINT8,
                    BOOL,
                    COMPLEX64,
                    UINT16,
                    UINT32,
                    UINT64,
                    FLOAT8_E4M3FN,
                    FLOAT8_E5M2,
                    FLOAT8_E4M3FNUZ,
                    FLOAT8_E5M2FNUZ,
                    FLOAT8_E8M0FNU,
                    FLOAT4_E2M1FN_X2 -> throw new AssertionError(dtype);
        };
    }

    private static Representation split(SafetensorsType type, long[] sizes) {
        long[] shape = Arrays.copyOf(sizes, sizes.length + 1);
        shape[sizes.length] = 2;
        return new Representation(type, shape, true);
    }

    /** The format counts 4-bit values where PyTorch counts the bytes that hold two of them. */
    private static Representation packedFloat(long[] sizes) {
        if (sizes.length == 0) {
            return new Representation(SafetensorsType.U8, sizes, true);
        }
        long[] shape = sizes.clone();
        shape[shape.length - 1] = Math.multiplyExact(shape[shape.length - 1], 2);
        return new Representation(SafetensorsType.F4, shape, false);
    }
}
