package org.ptsanitize.converter.sanitize;

/** 16-bit floats from 32-bit ones and back, rounding half to even as PyTorch does. */
final class HalfFloat {
    private HalfFloat() {}

    /** IEEE binary16. */
    static short float16(float value) {
        int bits = Float.floatToRawIntBits(value);
        int sign = bits >>> 16 & 0x8000;
        int magnitude = bits & 0x7fffffff;
        if (magnitude >= 0x47800000) {
            boolean nan = magnitude > 0x7f800000;
            return (short) (sign | (nan ? 0x7e00 : 0x7c00));
        }
        if (magnitude < 0x38800000) {
            // Below the normal range: the value in units of 2^-24, rounded half to even.
            float units = Math.abs(value) * 0x1p24f;
            return (short) (sign | (int) Math.rint(units));
        }
        int rounded = magnitude + 0xfff + (magnitude >>> 13 & 1);
        return (short) (sign | rounded - 0x38000000 >>> 13);
    }

    /** The upper half of a binary32. */
    static short bfloat16(float value) {
        int bits = Float.floatToRawIntBits(value);
        if (Float.isNaN(value)) {
            return (short) (bits >>> 16 | 0x40);
        }
        return (short) (bits + 0x7fff + (bits >>> 16 & 1) >>> 16);
    }

    /** The value of an IEEE binary16. */
    static float ofFloat16(short half) {
        int exponent = half >>> 10 & 0x1f;
        int fraction = half & 0x3ff;
        float magnitude;
        if (exponent == 0) {
            magnitude = fraction * 0x1p-24f;
        } else if (exponent == 31) {
            magnitude = fraction == 0 ? Float.POSITIVE_INFINITY : Float.NaN;
        } else {
            magnitude = Float.intBitsToFloat(exponent + 112 << 23 | fraction << 13);
        }
        return half < 0 ? -magnitude : magnitude;
    }
}
