package org.ptsanitize.converter.verify;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.HexFormat;
import org.ptsanitize.formats.tensor.DType;

/** Elements and their places as a person writes them. */
final class ElementText {
    private ElementText() {}

    /** Two elements that differ; their bits are shown where the values would read the same. */
    static String[] values(DType dtype, byte[] left, byte[] right) {
        String one = value(dtype, left);
        String two = value(dtype, right);
        if (one.equals(two)) {
            return new String[] {one + " (" + bits(left) + ")", two + " (" + bits(right) + ")"};
        }
        return new String[] {one, two};
    }

    private static String value(DType dtype, byte[] littleEndian) {
        ByteBuffer bytes = ByteBuffer.wrap(littleEndian).order(ByteOrder.LITTLE_ENDIAN);
        return switch (dtype) {
            case FLOAT64 -> Double.toString(bytes.getDouble(0));
            case FLOAT32 -> Float.toString(bytes.getFloat(0));
            case FLOAT16 -> Float.toString(half(bytes.getShort(0)));
            case BFLOAT16 -> Float.toString(brain(bytes.getShort(0)));
            case INT64 -> Long.toString(bytes.getLong(0));
            case INT32, QINT32 -> Integer.toString(bytes.getInt(0));
            case INT16 -> Short.toString(bytes.getShort(0));
            case INT8, QINT8 -> Byte.toString(bytes.get(0));
            case UINT8, QUINT8 -> Integer.toString(Byte.toUnsignedInt(bytes.get(0)));
            case UINT16 -> Integer.toString(Short.toUnsignedInt(bytes.getShort(0)));
            case UINT32 -> Integer.toUnsignedString(bytes.getInt(0));
            case UINT64 -> Long.toUnsignedString(bytes.getLong(0));
            case BOOL -> bytes.get(0) == 0 ? "False" : bytes.get(0) == 1 ? "True" : bits(littleEndian);
            case COMPLEX128 -> complex(bytes.getDouble(0), bytes.getDouble(8));
            case COMPLEX64 -> complex(bytes.getFloat(0), bytes.getFloat(4));
            case COMPLEX32 -> complex(half(bytes.getShort(0)), half(bytes.getShort(2)));
            case BCOMPLEX32 -> complex(brain(bytes.getShort(0)), brain(bytes.getShort(2)));
            case FLOAT8_E4M3FN,
                    FLOAT8_E5M2,
                    FLOAT8_E4M3FNUZ,
                    FLOAT8_E5M2FNUZ,
                    FLOAT8_E8M0FNU,
                    FLOAT4_E2M1FN_X2,
                    BITS8,
                    BITS16,
                    BITS1X8,
                    BITS2X4,
                    BITS4X2,
                    QUINT4X2,
                    QUINT2X4 -> bits(littleEndian);
        };
    }

    private static String complex(double real, double imaginary) {
        boolean minus = Double.doubleToRawLongBits(imaginary) < 0 && !Double.isNaN(imaginary);
        return real + (minus ? "" : "+") + imaginary + "j";
    }

    private static float brain(short bits) {
        return Float.intBitsToFloat(bits << 16);
    }

    /** IEEE 754 binary16. */
    private static float half(short bits) {
        int sign = (bits & 0x8000) << 16;
        int exponent = bits >> 10 & 0x1f;
        int fraction = bits & 0x3ff;
        if (exponent == 0) {
            return (sign < 0 ? -1f : 1f) * fraction * 0x1p-24f;
        }
        int widened = exponent == 0x1f ? 0xff : exponent - 15 + 127;
        return Float.intBitsToFloat(sign | widened << 23 | fraction << 13);
    }

    /** The bits as one number in hexadecimal. */
    private static String bits(byte[] littleEndian) {
        byte[] bigEndian = new byte[littleEndian.length];
        for (int i = 0; i < bigEndian.length; i++) {
            bigEndian[i] = littleEndian[littleEndian.length - 1 - i];
        }
        return "0x" + HexFormat.of().formatHex(bigEndian);
    }

    /** The index of an element by its number in C order. */
    static String index(long number, long[] sizes) {
        long[] index = new long[sizes.length];
        long rest = number;
        for (int d = sizes.length - 1; d >= 0; d--) {
            index[d] = rest % sizes[d];
            rest /= sizes[d];
        }
        return Arrays.toString(index);
    }
}
