package org.ptsanitize.formats.tensor;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.WritableByteChannel;
import java.util.Collections;
import java.util.EnumSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.ptsanitize.formats.bytes.ByteSource;
import org.ptsanitize.formats.bytes.MemorySource;
import org.ptsanitize.formats.bytes.UnsupportedFileException;

class TensorBytesTest {
    private static final Set<DType> NEGATABLE = EnumSet.of(
            DType.FLOAT64,
            DType.FLOAT32,
            DType.FLOAT16,
            DType.BFLOAT16,
            DType.INT64,
            DType.INT32,
            DType.INT16,
            DType.INT8,
            DType.UINT8,
            DType.COMPLEX128,
            DType.COMPLEX64,
            DType.COMPLEX32,
            DType.BCOMPLEX32,
            DType.FLOAT8_E4M3FN,
            DType.FLOAT8_E5M2);

    @Test
    void aContiguousViewIsCopiedFromSourceToSink() throws IOException {
        TensorView view = view(littleEndian(bytes(64)), DType.INT16, 3, sizes(2, 5), sizes(5, 1));
        try (RecordingSink sink = new RecordingSink()) {
            TensorBytes.write(view, sink);
            assertEquals(List.of("6+20"), sink.copies());
            assertArrayEquals(NaiveTensorBytes.of(view), sink.bytes());
        }
    }

    @Test
    void bigEndianBytesNeedNoBuffer() throws IOException {
        try (RecordingSink sink = new RecordingSink()) {
            TensorBytes.write(view(bigEndian(bytes(8)), DType.INT8, 0, sizes(8), sizes(1)), sink);
            assertEquals(List.of("0+8"), sink.copies());
        }
    }

    @Test
    void anEmptyViewWritesNothing() throws IOException {
        try (RecordingSink sink = new RecordingSink()) {
            TensorBytes.write(view(littleEndian(bytes(0)), DType.INT64, 7, sizes(3, 0, 2), sizes(9, 9, 9)), sink);
            assertEquals(List.of(), sink.copies());
            assertEquals(0, sink.position());
        }
    }

    @Test
    void theHalvesOfABigEndianComplexNumberAreSwappedByThemselves() throws IOException {
        TensorView view = view(bigEndian(bytes(8)), DType.COMPLEX64, 0, sizes(1), sizes(1));
        assertArrayEquals(new byte[] {4, 3, 2, 1, 8, 7, 6, 5}, RecordingSink.bytesOf(view));
    }

    @Test
    void theConjugateBitFlipsTheImaginarySignAndTheNegativeBitBoth() throws IOException {
        TensorView view = view(littleEndian(new byte[4]), DType.COMPLEX32, 0, sizes(1), sizes(1));
        byte sign = (byte) 0x80;
        assertArrayEquals(new byte[] {0, 0, 0, sign}, RecordingSink.bytesOf(view.withBits(true, false)));
        assertArrayEquals(new byte[] {0, sign, 0, sign}, RecordingSink.bytesOf(view.withBits(false, true)));
        assertArrayEquals(new byte[] {0, sign, 0, 0}, RecordingSink.bytesOf(view.withBits(true, true)));
    }

    @Test
    void everyHalfPrecisionNumberIsNegatedByItsSignBitNotANumberIncluded() throws IOException {
        ByteBuffer all = ByteBuffer.allocate(1 << 17).order(ByteOrder.LITTLE_ENDIAN);
        ByteBuffer expected = ByteBuffer.allocate(1 << 17).order(ByteOrder.LITTLE_ENDIAN);
        for (int i = 0; i < 1 << 16; i++) {
            all.putShort((short) i);
            expected.putShort((short) (i ^ 0x8000));
        }
        for (DType dtype : List.of(DType.FLOAT16, DType.BFLOAT16)) {
            TensorView view = view(littleEndian(all.array()), dtype, 0, sizes(1 << 16), sizes(1));
            assertArrayEquals(expected.array(), RecordingSink.bytesOf(view.withBits(false, true)));
        }
    }

    @Test
    void theNegativeOfTheSmallestIntegerIsItself() throws IOException {
        TensorView view =
                view(littleEndian(new byte[] {0, -128, 1, 0, 0, 0, -1, -1}), DType.INT16, 0, sizes(4), sizes(1));
        assertArrayEquals(new byte[] {0, -128, -1, -1, 0, 0, 1, 0}, RecordingSink.bytesOf(view.withBits(false, true)));
    }

    @Test
    void aNegativeBitOnATypeWithoutNegationIsUnsupported() throws IOException {
        for (DType dtype : EnumSet.complementOf(EnumSet.copyOf(NEGATABLE))) {
            TensorView view =
                    view(littleEndian(bytes(16)), dtype, 0, sizes(1), sizes(1)).withBits(false, true);
            UnsupportedFileException e =
                    assertThrows(UnsupportedFileException.class, () -> RecordingSink.bytesOf(view));
            assertEquals("a negative bit on a tensor of " + dtype.torchName() + " (storage 's')", e.getMessage());
        }
        for (DType dtype : NEGATABLE) {
            TensorView view =
                    view(littleEndian(bytes(16)), dtype, 0, sizes(1), sizes(1)).withBits(false, true);
            assertArrayEquals(NaiveTensorBytes.of(view), RecordingSink.bytesOf(view));
        }
    }

    @Test
    void packedValuesAreCopiedWithTheirBytes() throws IOException {
        TensorView fours = view(littleEndian(bytes(4)), DType.QUINT4X2, 2, sizes(5), sizes(1));
        assertArrayEquals(new byte[] {2, 3, 4}, RecordingSink.bytesOf(fours));
        TensorView twos = view(littleEndian(bytes(4)), DType.QUINT2X4, 4, sizes(3), sizes(1));
        assertArrayEquals(new byte[] {2}, RecordingSink.bytesOf(twos));
    }

    @Test
    void aStridedViewOfPackedValuesIsUnsupported() throws IOException {
        TensorView view = view(littleEndian(bytes(4)), DType.QUINT4X2, 0, sizes(2, 2), sizes(1, 2));
        UnsupportedFileException e = assertThrows(UnsupportedFileException.class, () -> RecordingSink.bytesOf(view));
        assertEquals("a strided view of quint4x2, which packs values in bytes (storage 's')", e.getMessage());
    }

    @Test
    void aViewOfPackedValuesThatStartsInsideAByteIsUnsupported() throws IOException {
        TensorView view = view(littleEndian(bytes(4)), DType.QUINT2X4, 6, sizes(4), sizes(1));
        UnsupportedFileException e = assertThrows(UnsupportedFileException.class, () -> RecordingSink.bytesOf(view));
        assertEquals("a view of quint2x4 that starts inside a byte, at value 6 (storage 's')", e.getMessage());
    }

    @Test
    void viewsLargerThanAllBuffersAreWhole() throws IOException {
        byte[] bytes = new byte[24 << 20];
        new Random(7).nextBytes(bytes);
        Storage little = littleEndian(bytes);
        Storage big = bigEndian(bytes);
        check(view(little, DType.COMPLEX128, 1, sizes(1200, 1000), sizes(1, 1201))
                .withBits(true, true));
        check(view(big, DType.INT64, 1, sizes(2_500_000), sizes(1)));
        check(view(little, DType.BFLOAT16, 5, sizes(1301, 1407), sizes(1, 1301)));
        check(view(big, DType.FLOAT32, 0, sizes(600, 3, 1000), sizes(2, 2_000_001, 2000)));
        check(view(little, DType.UINT8, 9, sizes(5, 500_000, 2), sizes(1, 3, 0)));
    }

    private static void check(TensorView view) throws IOException {
        assertTrue(view.byteSize() > Buffers.DEFAULT.block());
        assertArrayEquals(NaiveTensorBytes.of(view), RecordingSink.bytesOf(view));
    }

    @Test
    void anExpandedViewReadsItsElementsOnce() throws IOException {
        AtomicLong read = new AtomicLong();
        Storage storage = new Storage("s", new CountingSource(bytes(2000), read), ByteOrder.LITTLE_ENDIAN);
        check(view(storage, DType.UINT8, 500, sizes(5000, 1000), sizes(0, 1)));
        read.set(0);
        RecordingSink.bytesOf(view(storage, DType.UINT8, 500, sizes(5000, 1000), sizes(0, 1)));
        assertEquals(1000, read.get());
    }

    @Test
    void aBlockReadsNoFartherThanItsLastElement() throws IOException {
        TensorView view = view(littleEndian(bytes(15)), DType.INT32, 0, sizes(3), sizes(1));
        assertArrayEquals(NaiveTensorBytes.of(view), RecordingSink.bytesOf(view.withBits(false, false)));
        TensorView last = view(bigEndian(bytes(15)), DType.INT16, 0, sizes(2, 2), sizes(2, 4));
        assertArrayEquals(NaiveTensorBytes.of(last), RecordingSink.bytesOf(last));
    }

    /** The lengths of the parts that a view of the first bytes of a storage is written in. */
    private static List<Integer> writes(Buffers buffers, long[] sizes, long[] strides) throws IOException {
        TensorView view = view(littleEndian(bytes(16 << 10)), DType.UINT8, 0, sizes, strides);
        try (RecordingSink sink = new RecordingSink()) {
            TensorBytes.write(view, sink, buffers);
            assertArrayEquals(NaiveTensorBytes.of(view), sink.bytes());
            return sink.writes();
        }
    }

    @Test
    void wideBlocksAreForElementsThatLieFarApart() throws IOException {
        Buffers buffers = new Buffers(64, 512, 128, 128, 16, 512);
        assertEquals(Collections.nCopies(16, 64), writes(buffers, sizes(64, 16), sizes(17, 1)));
        assertEquals(List.of(512, 512), writes(buffers, sizes(64, 16), sizes(1, 1000)));
    }

    @Test
    void readingTwiceTheOutputIsNotFarApart() throws IOException {
        // One read of 47 bytes, and a gap of 17, for 32 bytes of output; then one of 48.
        Buffers buffers = new Buffers(32, 64, 128, 128, 17, 64);
        assertEquals(List.of(32, 32), writes(buffers, sizes(4, 16), sizes(31, 1)));
        assertEquals(List.of(64), writes(buffers, sizes(4, 16), sizes(32, 1)));
    }

    @Test
    void theLastBlockHasWhatIsLeft() throws IOException {
        Buffers buffers = new Buffers(64, 64, 128, 128, 16, 64);
        assertEquals(List.of(64, 64, 32), writes(buffers, sizes(10, 16), sizes(17, 1)));
    }

    @Test
    void elementsThatLieFarApartAreWrittenBySlicesOfTheirBlock() throws IOException {
        // A window holds 20 of 100 columns, as runs of 20 bytes; a slice has three rows.
        Buffers buffers = new Buffers(300, 1000, 64 * 20, 64 * 20, 16, 350);
        assertEquals(List.of(300, 300, 300, 100, 200), writes(buffers, sizes(12, 100), sizes(1, 100)));
        // Two to four windows at once, for runs of 64 bytes and one of 36 that is left.
        Buffers wider = new Buffers(300, 1000, 64 * 20, 64 * 80, 16, 350);
        assertEquals(List.of(300, 300, 300, 100, 200), writes(wider, sizes(12, 100), sizes(1, 100)));
    }

    @Test
    void rowsLongerThanASliceStayInTheirBlock() throws IOException {
        Buffers buffers = new Buffers(300, 1000, 64 * 20, 64 * 80, 16, 99);
        assertEquals(
                Collections.nCopies(10, 99),
                writes(buffers, sizes(12, 100), sizes(1, 100)).subList(0, 10));
    }

    /** Counts the bytes that are read. */
    private record CountingSource(ByteSource whole, AtomicLong read) implements ByteSource {
        CountingSource(byte[] bytes, AtomicLong read) {
            this(MemorySource.of("s", bytes), read);
        }

        @Override
        public String name() {
            return whole.name();
        }

        @Override
        public long size() {
            return whole.size();
        }

        @Override
        public void readFully(long position, ByteBuffer target) throws IOException {
            read.addAndGet(target.remaining());
            whole.readFully(position, target);
        }

        @Override
        public void transferTo(long position, long count, WritableByteChannel target) throws IOException {
            whole.transferTo(position, count, target);
        }

        @Override
        public void close() {}
    }

    private static Storage littleEndian(byte[] bytes) {
        return new Storage("s", MemorySource.of("s", bytes), ByteOrder.LITTLE_ENDIAN);
    }

    private static Storage bigEndian(byte[] bytes) {
        return new Storage("s", MemorySource.of("s", bytes), ByteOrder.BIG_ENDIAN);
    }

    /** 1, 2, 3, … */
    private static byte[] bytes(int count) {
        byte[] bytes = new byte[count];
        for (int i = 0; i < count; i++) {
            bytes[i] = (byte) (i + 1);
        }
        return bytes;
    }

    private static long[] sizes(long... values) {
        return values;
    }

    private static TensorView view(Storage storage, DType dtype, long offset, long[] sizes, long[] strides)
            throws IOException {
        return TensorView.of(storage, dtype, offset, sizes, strides, "");
    }
}
