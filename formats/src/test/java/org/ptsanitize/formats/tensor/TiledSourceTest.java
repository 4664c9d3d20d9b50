package org.ptsanitize.formats.tensor;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.ptsanitize.formats.bytes.FileFormatException;
import org.ptsanitize.formats.bytes.MemorySource;

class TiledSourceTest {
    @Test
    void anyGridOfTilesReadsAsTheWhole() throws IOException {
        for (long seed = 0; seed < 300; seed++) {
            Random random = new Random(seed);
            long[] sizes = new long[random.nextInt(4)];
            for (int d = 0; d < sizes.length; d++) {
                sizes[d] = 1L + random.nextInt(5);
            }
            int elements = (int) Shape.elements(sizes, "");
            byte[] whole = new byte[elements * 4];
            random.nextBytes(whole);
            List<Tile> tiles = grid(sizes, whole, random);
            TiledSource source = TiledSource.of("t", DType.FLOAT32, sizes, tiles);
            assertEquals(whole.length, source.size());
            for (int i = 0; i < 8; i++) {
                int from = random.nextInt(whole.length + 1);
                int length = random.nextInt(whole.length - from + 1);
                byte[] read = new byte[length];
                source.readFully(from, ByteBuffer.wrap(read));
                assertArrayEquals(java.util.Arrays.copyOfRange(whole, from, from + length), read, "seed " + seed);
            }
            ByteBuffer all = TensorBytes.read(source.view(DType.FLOAT32));
            byte[] bytes = new byte[all.remaining()];
            all.get(bytes);
            assertArrayEquals(whole, bytes, "seed " + seed);
        }
    }

    /** Cuts every dimension at random; every tile is stored in an order of dimensions of its own. */
    private static List<Tile> grid(long[] sizes, byte[] whole, Random random) throws IOException {
        List<List<long[]>> spans = new ArrayList<>();
        for (long size : sizes) {
            List<long[]> cuts = new ArrayList<>();
            long at = 0;
            while (at < size) {
                long length = 1L + random.nextInt((int) (size - at));
                cuts.add(new long[] {at, length});
                at += length;
            }
            spans.add(cuts);
        }
        List<Tile> tiles = new ArrayList<>();
        collect(spans, 0, new long[sizes.length], new long[sizes.length], sizes, whole, random, tiles);
        java.util.Collections.shuffle(tiles, random);
        return tiles;
    }

    private static void collect(
            List<List<long[]>> spans,
            int dimension,
            long[] offsets,
            long[] lengths,
            long[] sizes,
            byte[] whole,
            Random random,
            List<Tile> tiles)
            throws IOException {
        if (dimension == sizes.length) {
            tiles.add(tile(offsets, lengths, sizes, whole, random));
            return;
        }
        for (long[] span : spans.get(dimension)) {
            offsets[dimension] = span[0];
            lengths[dimension] = span[1];
            collect(spans, dimension + 1, offsets, lengths, sizes, whole, random, tiles);
        }
    }

    private static Tile tile(long[] offsets, long[] lengths, long[] sizes, byte[] whole, Random random)
            throws IOException {
        boolean reversed = random.nextBoolean();
        long[] strides = Shape.contiguousStrides(lengths);
        if (reversed) {
            long step = 1;
            for (int d = 0; d < lengths.length; d++) {
                strides[d] = step;
                step *= lengths[d];
            }
        }
        int elements = (int) Shape.elements(lengths, "");
        int start = random.nextInt(3);
        byte[] stored = new byte[(elements + start) * 4];
        long[] wholeStrides = Shape.contiguousStrides(sizes);
        long[] index = new long[lengths.length];
        for (int i = 0; i < elements; i++) {
            long rest = i;
            long from = 0;
            long to = start;
            for (int d = lengths.length - 1; d >= 0; d--) {
                index[d] = rest % lengths[d];
                rest /= lengths[d];
                from += (index[d] + offsets[d]) * wholeStrides[d];
                to += index[d] * strides[d];
            }
            System.arraycopy(whole, (int) from * 4, stored, (int) to * 4, 4);
        }
        Storage storage = new Storage("s", MemorySource.of("s", stored), ByteOrder.LITTLE_ENDIAN);
        return new Tile(offsets, TensorView.of(storage, DType.FLOAT32, start, lengths.clone(), strides, "tile"));
    }

    private static Tile row(long offset, long length) throws IOException {
        Storage storage = new Storage("s", MemorySource.of("s", new byte[64]), ByteOrder.LITTLE_ENDIAN);
        return new Tile(
                new long[] {offset},
                TensorView.of(storage, DType.FLOAT32, 0, new long[] {length}, new long[] {1}, "tile"));
    }

    private static String problem(long size, Tile... tiles) {
        return assertThrows(
                        FileFormatException.class,
                        () -> TiledSource.of("w", DType.FLOAT32, new long[] {size}, List.of(tiles)))
                .getMessage();
    }

    @Test
    void aGapIsMalformed() throws IOException {
        assertEquals("the pieces of a tensor have 5 of its 6 elements (w)", problem(6, row(0, 3), row(4, 2)));
    }

    @Test
    void anOverlapIsMalformed() throws IOException {
        assertEquals("two pieces of a tensor [6] overlap (w)", problem(6, row(0, 4), row(3, 2)));
    }

    @Test
    void aTileOutsideIsMalformed() throws IOException {
        assertEquals("a piece float32 [4] that does not fit into float32 [6] (w)", problem(6, row(3, 4)));
        assertEquals(
                "a piece float32 [4] that does not fit into float32 [6] (w)", problem(6, row(Long.MAX_VALUE - 1, 4)));
    }

    @Test
    void aTileOfAnotherTypeIsMalformed() {
        assertThrows(
                FileFormatException.class,
                () -> TiledSource.of("w", DType.FLOAT16, new long[] {3}, List.of(row(0, 3))));
    }
}
