package org.ptsanitize.properties.generate;

import java.io.ByteArrayOutputStream;
import org.ptsanitize.formats.tensor.DType;

/** A tensor's bytes by definition: element by element, bits resolved. */
final class LogicalBytes {
    private LogicalBytes() {}

    static byte[] of(Sample.Tensor tensor) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        addDimension(tensor, 0, tensor.offset(), out);
        return out.toByteArray();
    }

    private static void addDimension(Sample.Tensor tensor, int dimension, long at, ByteArrayOutputStream out) {
        if (dimension == tensor.sizes().length) {
            out.writeBytes(element(tensor, (int) at));
            return;
        }
        for (long i = 0; i < tensor.sizes()[dimension]; i++) {
            addDimension(tensor, dimension + 1, at + i * tensor.strides()[dimension], out);
        }
    }

    private static byte[] element(Sample.Tensor tensor, int at) {
        DType dtype = tensor.dtype();
        byte[] bytes = new byte[dtype.size()];
        System.arraycopy(tensor.storage().littleEndian(), at * bytes.length, bytes, 0, bytes.length);
        if (tensor.conjugate()) {
            bytes[bytes.length - 1] ^= (byte) 0x80;
        }
        if (tensor.negative()) {
            negate(dtype, bytes);
        }
        return bytes;
    }

    private static void negate(DType dtype, byte[] bytes) {
        switch (dtype) {
            case INT64, INT32, INT16, INT8, UINT8 -> {
                int carry = 1;
                for (int i = 0; i < bytes.length; i++) {
                    int sum = (~bytes[i] & 0xFF) + carry;
                    bytes[i] = (byte) sum;
                    carry = sum >>> 8;
                }
            }
            default -> {
                for (int i = dtype.swapUnit() - 1; i < bytes.length; i += dtype.swapUnit()) {
                    bytes[i] ^= (byte) 0x80;
                }
            }
        }
    }
}
