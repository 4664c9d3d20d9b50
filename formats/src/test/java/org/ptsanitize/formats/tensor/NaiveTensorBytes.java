package org.ptsanitize.formats.tensor;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/** The definition of a tensor's bytes, element by element and byte by byte. */
final class NaiveTensorBytes {
    private NaiveTensorBytes() {}

    static byte[] of(TensorView view) throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        long[] index = new long[view.rank()];
        for (long i = 0; i < view.elements(); i++) {
            long at = view.offset();
            long rest = i;
            for (int d = view.rank() - 1; d >= 0; d--) {
                index[d] = rest % view.size(d);
                rest /= view.size(d);
                at += index[d] * view.stride(d);
            }
            out.writeBytes(element(view, at));
        }
        return out.toByteArray();
    }

    private static byte[] element(TensorView view, long at) throws IOException {
        DType dtype = view.dtype();
        byte[] bytes = new byte[dtype.size()];
        view.storage().bytes().readFully(at * dtype.size(), ByteBuffer.wrap(bytes));
        int unit = dtype.swapUnit();
        if (view.storage().byteOrder() == ByteOrder.BIG_ENDIAN) {
            byte[] original = bytes.clone();
            for (int i = 0; i < bytes.length; i++) {
                bytes[i] = original[i / unit * unit + unit - 1 - i % unit];
            }
        }
        if (view.conjugate()) {
            bytes[bytes.length - 1] ^= (byte) 0x80;
        }
        if (view.negative()) {
            negate(dtype, bytes);
        }
        return bytes;
    }

    private static void negate(DType dtype, byte[] bytes) {
        if (dtype.torchName().contains("int")) {
            int carry = 1;
            for (int i = 0; i < bytes.length; i++) {
                int sum = (~bytes[i] & 0xFF) + carry;
                bytes[i] = (byte) sum;
                carry = sum >>> 8;
            }
        } else {
            for (int i = dtype.swapUnit() - 1; i < bytes.length; i += dtype.swapUnit()) {
                bytes[i] ^= (byte) 0x80;
            }
        }
    }
}
