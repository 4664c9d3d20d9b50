package org.ptsanitize.properties;

import java.util.ArrayList;
import java.util.List;
import org.ptsanitize.formats.tensor.DType;
import org.ptsanitize.properties.generate.ExpectedTensor;

/** What a tensor has to be in a safetensors file. */
final class SafetensorsForm {
    private SafetensorsForm() {}

    static String name(ExpectedTensor tensor, boolean isRoot) {
        return isRoot ? "tensor" : tensor.path();
    }

    static ReadSafetensors.Tensor of(ExpectedTensor tensor) {
        List<Long> shape = new ArrayList<>();
        for (long size : tensor.shape()) {
            shape.add(size);
        }
        if (isPair(tensor.dtype())) {
            shape.add(2L);
        } else if (tensor.dtype() == DType.FLOAT4_E2M1FN_X2 && !shape.isEmpty()) {
            shape.add(2 * shape.remove(shape.size() - 1));
        }
        String dtype = tensor.dtype() == DType.FLOAT4_E2M1FN_X2 && shape.isEmpty() ? "U8" : dtype(tensor.dtype());
        return ReadSafetensors.Tensor.of(dtype, shape, tensor.bytes());
    }

    private static boolean isPair(DType dtype) {
        return switch (dtype) {
            case COMPLEX128, COMPLEX32, BCOMPLEX32, BITS16 -> true;
            default -> false;
        };
    }

    static String dtype(DType dtype) {
        return switch (dtype) {
            case FLOAT64, COMPLEX128 -> "F64";
            case FLOAT32 -> "F32";
            case FLOAT16, COMPLEX32 -> "F16";
            case BFLOAT16, BCOMPLEX32 -> "BF16";
            case INT64 -> "I64";
            case INT32, QINT32 -> "I32";
            case INT16 -> "I16";
            case INT8, QINT8 -> "I8";
            case UINT8, BITS8, BITS16, BITS1X8, BITS2X4, BITS4X2, QUINT8, QUINT4X2, QUINT2X4 -> "U8";
            case BOOL -> "BOOL";
            case COMPLEX64 -> "C64";
            case UINT16 -> "U16";
            case UINT32 -> "U32";
            case UINT64 -> "U64";
            case FLOAT8_E4M3FN -> "F8_E4M3";
            case FLOAT8_E5M2 -> "F8_E5M2";
            case FLOAT8_E4M3FNUZ -> "F8_E4M3FNUZ";
            case FLOAT8_E5M2FNUZ -> "F8_E5M2FNUZ";
            case FLOAT8_E8M0FNU -> "F8_E8M0";
            case FLOAT4_E2M1FN_X2 -> "F4";
        };
    }
}
