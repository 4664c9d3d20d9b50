package org.ptsanitize.formats.tensor;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.ptsanitize.formats.bytes.MalformedFileException;
import org.ptsanitize.formats.bytes.MemorySource;
import org.ptsanitize.formats.bytes.UnsupportedFileException;

/** Any view of any storage gives the bytes of its definition, whatever the size of the buffers. */
class TensorBytesProperties {
    /** Storages up to this size, so that the naive reference stays quick. */
    private static final int STORAGE = 1 << 17;

    @Property(tries = 3_000)
    void anyViewGivesTheBytesOfItsDefinition(@ForAll("views") TensorView view) throws IOException {
        checkAgainstDefinition(view, Buffers.DEFAULT);
    }

    @Property(tries = 6_000)
    void theSizeOfTheBuffersDoesNotMatter(@ForAll("views") TensorView view, @ForAll("buffers") Buffers buffers)
            throws IOException {
        checkAgainstDefinition(view, buffers);
    }

    @Property(tries = 2_000)
    void elementsThatLieFarApartKeepTheirOrder(
            @ForAll("permutations") TensorView view, @ForAll("wideBuffers") Buffers buffers) throws IOException {
        checkAgainstDefinition(view, buffers);
    }

    private static void checkAgainstDefinition(TensorView view, Buffers buffers) throws IOException {
        byte[] written;
        try {
            written = RecordingSink.bytesOf(view, buffers);
        } catch (UnsupportedFileException e) {
            assertEquals("storage 's'", e.where());
            return;
        }
        assertEquals(view.byteSize(), written.length);
        if (view.dtype().valuesPerElement() == 1) {
            assertArrayEquals(NaiveTensorBytes.of(view), written);
        }
    }

    @Provide
    Arbitrary<Buffers> buffers() {
        Arbitrary<Integer> block = Arbitraries.integers().between(16, 300);
        Arbitrary<Integer> window = Arbitraries.integers().between(16, 2000);
        Arbitrary<Integer> gap = Arbitraries.integers().between(0, 200);
        return block.flatMap(b -> window.flatMap(w -> gap.map(g -> new Buffers(b, 4 * b, w, 2 * w, g, b))));
    }

    /** Buffers that hold some of the runs of a tensor whose elements lie far apart. */
    @Provide
    Arbitrary<Buffers> wideBuffers() {
        return Arbitraries.randomValue(random -> {
            int window = 200 + random.nextInt(6000);
            int slice = 64 + random.nextInt(3000);
            int wideBlock = 1000 + random.nextInt(50_000);
            return new Buffers(
                    16 + random.nextInt(300), wideBlock, window, (1 + random.nextInt(5)) * window, 16, slice);
        });
    }

    /** Views of a few dimensions in any order, the last one long, some of them expanded or with gaps. */
    @Provide
    Arbitrary<TensorView> permutations() {
        return Arbitraries.of(DType.values())
                .flatMap(dtype -> Arbitraries.randomValue(random -> {
                    int rank = 2 + random.nextInt(3);
                    long[] sizes = new long[rank];
                    for (int d = 0; d < rank; d++) {
                        sizes[d] = 1L + random.nextInt(rank == 2 ? 60 : rank == 3 ? 9 : 5);
                    }
                    sizes[rank - 1] = 10L + random.nextInt(60);
                    return view(random, dtype, sizes);
                }));
    }

    @Provide
    Arbitrary<TensorView> views() {
        return Arbitraries.of(DType.values()).flatMap(dtype -> Arbitraries.randomValue(random -> view(random, dtype)));
    }

    private static TensorView view(Random random, DType dtype) {
        int rank = random.nextInt(7);
        long[] sizes = new long[rank];
        for (int d = 0; d < rank; d++) {
            sizes[d] = random.nextInt(20) == 0 ? 0 : 1 + random.nextInt(rank < 3 ? 40 : rank < 5 ? 9 : 4);
        }
        return view(random, dtype, sizes);
    }

    private static TensorView view(Random random, DType dtype, long[] sizes) {
        byte[] bytes = new byte[STORAGE];
        random.nextBytes(bytes);
        ByteOrder order = random.nextBoolean() ? ByteOrder.BIG_ENDIAN : ByteOrder.LITTLE_ENDIAN;
        Storage storage = new Storage("s", MemorySource.of("s", bytes), order);
        try {
            TensorView view = place(random, storage, dtype, sizes, strides(random, sizes));
            return random.nextInt(3) == 0 ? view.withBits(random.nextBoolean(), random.nextBoolean()) : view;
        } catch (MalformedFileException e) {
            throw new IllegalStateException(e);
        }
    }

    /** The view at a random offset; contiguous where the strides reach too far. */
    private static TensorView place(Random random, Storage storage, DType dtype, long[] sizes, long[] strides)
            throws MalformedFileException {
        long available = storage.size() / dtype.size();
        long last = 0;
        for (int d = 0; d < sizes.length; d++) {
            last += Math.max(0, sizes[d] - 1) * strides[d];
        }
        if (last >= available) {
            return TensorView.of(storage, dtype, 0, sizes, Shape.contiguousStrides(sizes), "");
        }
        long offset = random.nextInt((int) Math.min(available - last, 64));
        return TensorView.of(storage, dtype, offset, sizes, strides, "");
    }

    /** Strides of a permuted contiguous tensor, some of them stretched, expanded or arbitrary. */
    private static long[] strides(Random random, long[] sizes) {
        List<Integer> order = new ArrayList<>();
        for (int d = 0; d < sizes.length; d++) {
            order.add(d);
        }
        if (random.nextInt(3) > 0) {
            Collections.shuffle(order, random);
        } else {
            Collections.reverse(order);
        }
        long[] strides = new long[sizes.length];
        long step = 1;
        for (int d : order) {
            step *= random.nextInt(4) == 0 ? 1 + random.nextInt(6) : 1;
            step += random.nextInt(6) == 0 ? random.nextInt(500) : 0;
            strides[d] = random.nextInt(8) == 0 ? random.nextInt(4) : step;
            step *= Math.max(1, sizes[d]);
        }
        return strides;
    }
}
