package org.ptsanitize.formats.tensor;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import org.ptsanitize.formats.bytes.UnsupportedFileException;

/**
 * What has to happen to each element between storage and output: bytes reversed to little-endian, the conjugate and
 * the negative bit resolved as {@code torch.resolve_conj} and {@code torch.resolve_neg} do. Works in place, eight
 * bytes at a time.
 */
final class ElementTransform {
    private static final VarHandle LONGS = MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);

    /** Bytes behind the last element that {@link #apply} may change. */
    static final int SLACK = 16;

    private final int swapUnit;
    private final long evenSigns;
    private final long oddSigns;
    private final int negatedSize;

    /** The signs to flip as a pattern of 16 bytes, and the size of the integers to negate, or 0. */
    private ElementTransform(int swapUnit, long evenSigns, long oddSigns, int negatedSize) {
        this.swapUnit = swapUnit;
        this.evenSigns = evenSigns;
        this.oddSigns = oddSigns;
        this.negatedSize = negatedSize;
    }

    /**
     * The transform of a view's elements.
     *
     * @throws UnsupportedFileException if the view is negative and its type has no negation
     */
    static ElementTransform of(TensorView view) throws UnsupportedFileException {
        DType dtype = view.dtype();
        int swapUnit = TensorBytes.isSwapped(view) ? dtype.swapUnit() : 1;
        if (view.negative() && negation(dtype) == Negation.NONE) {
            throw TensorBytes.unsupported(view, "a negative bit on a tensor of " + dtype.torchName());
        }
        boolean flipAll = view.negative() && negation(dtype) == Negation.SIGN;
        boolean flipImaginary = view.conjugate() != flipAll;
        long signs = signBits(dtype.swapUnit());
        if (!dtype.isComplex()) {
            int negatedSize = view.negative() && !flipAll ? dtype.size() : 0;
            return new ElementTransform(swapUnit, flipAll ? signs : 0, flipAll ? signs : 0, negatedSize);
        }
        if (dtype == DType.COMPLEX128) {
            return new ElementTransform(swapUnit, flipAll ? signs : 0, flipImaginary ? signs : 0, 0);
        }
        long imaginaryHalves = dtype.size() == 8 ? 0xFFFF_FFFF_0000_0000L : 0xFFFF_0000_FFFF_0000L;
        long pattern = (flipAll ? signs & ~imaginaryHalves : 0) | (flipImaginary ? signs & imaginaryHalves : 0);
        return new ElementTransform(swapUnit, pattern, pattern, 0);
    }

    private enum Negation {
        SIGN,
        TWOS_COMPLEMENT,
        NONE
    }

    /** How {@code torch.neg} negates a type; the 8-bit floats with a sign bit and no unsigned zero are added to it. */
    private static Negation negation(DType dtype) {
        return switch (dtype) {
            case FLOAT64, FLOAT32, FLOAT16, BFLOAT16, FLOAT8_E4M3FN, FLOAT8_E5M2 -> Negation.SIGN;
            case COMPLEX128, COMPLEX64, COMPLEX32, BCOMPLEX32 -> Negation.SIGN;
            case INT64, INT32, INT16, INT8, UINT8 -> Negation.TWOS_COMPLEMENT;
            case BOOL, UINT16, UINT32, UINT64 -> Negation.NONE;
            case FLOAT8_E4M3FNUZ, FLOAT8_E5M2FNUZ, FLOAT8_E8M0FNU, FLOAT4_E2M1FN_X2 -> Negation.NONE;
            case BITS8, BITS16, BITS1X8, BITS2X4, BITS4X2 -> Negation.NONE;
            case QINT8, QUINT8, QINT32, QUINT4X2, QUINT2X4 -> Negation.NONE;
        };
    }

    private static long signBits(int unit) {
        return switch (unit) {
            case 1 -> 0x8080_8080_8080_8080L;
            case 2 -> 0x8000_8000_8000_8000L;
            case 4 -> 0x8000_0000_8000_0000L;
            default -> 0x8000_0000_0000_0000L;
        };
    }

    /** Whether elements stay as they are. */
    boolean isIdentity() {
        return swapUnit == 1 && evenSigns == 0 && oddSigns == 0 && negatedSize == 0;
    }

    /** Transforms the elements in the first {@code length} bytes; the array has {@link #SLACK} more for the last step. */
    void apply(byte[] bytes, int length) {
        switch (swapUnit) {
            case 2 -> swapPairs(bytes, length);
            case 4 -> swapQuads(bytes, length);
            case 8 -> swapEights(bytes, length);
            default -> {}
        }
        if (evenSigns != 0 || oddSigns != 0) {
            flipSigns(bytes, length);
        }
        switch (negatedSize) {
            case 1, 2, 4 -> negateSmall(bytes, length);
            case 8 -> negateEights(bytes, length);
            default -> {}
        }
    }

    private static void swapPairs(byte[] bytes, int length) {
        for (int i = 0; i < length; i += 8) {
            long x = (long) LONGS.get(bytes, i);
            LONGS.set(bytes, i, ((x & 0x00FF_00FF_00FF_00FFL) << 8) | ((x >>> 8) & 0x00FF_00FF_00FF_00FFL));
        }
    }

    private static void swapQuads(byte[] bytes, int length) {
        for (int i = 0; i < length; i += 8) {
            LONGS.set(bytes, i, Long.rotateLeft(Long.reverseBytes((long) LONGS.get(bytes, i)), 32));
        }
    }

    private static void swapEights(byte[] bytes, int length) {
        for (int i = 0; i < length; i += 8) {
            LONGS.set(bytes, i, Long.reverseBytes((long) LONGS.get(bytes, i)));
        }
    }

    private void flipSigns(byte[] bytes, int length) {
        for (int i = 0; i < length; i += 16) {
            LONGS.set(bytes, i, (long) LONGS.get(bytes, i) ^ evenSigns);
            LONGS.set(bytes, i + 8, (long) LONGS.get(bytes, i + 8) ^ oddSigns);
        }
    }

    /**
     * Negates all lanes of a long at once: {@code ~x + 1} for each, where the sum of the lower bits of a lane cannot
     * carry into its top bit's neighbour because the top bits are added without carry.
     */
    private void negateSmall(byte[] bytes, int length) {
        long top = signBits(negatedSize);
        long ones = top >>> (negatedSize * 8 - 1);
        for (int i = 0; i < length; i += 8) {
            long x = ~(long) LONGS.get(bytes, i);
            LONGS.set(bytes, i, ((x & ~top) + ones) ^ (x & top));
        }
    }

    private static void negateEights(byte[] bytes, int length) {
        for (int i = 0; i < length; i += 8) {
            LONGS.set(bytes, i, -(long) LONGS.get(bytes, i));
        }
    }
}
