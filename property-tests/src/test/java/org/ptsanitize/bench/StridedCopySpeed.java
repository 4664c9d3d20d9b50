package org.ptsanitize.bench;

import java.io.IOException;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import org.openjdk.jmh.annotations.AuxCounters;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.ptsanitize.formats.bytes.ByteSource;
import org.ptsanitize.formats.bytes.ChannelSink;
import org.ptsanitize.formats.bytes.FileSource;
import org.ptsanitize.formats.tensor.DType;
import org.ptsanitize.formats.tensor.Storage;
import org.ptsanitize.formats.tensor.TensorBytes;
import org.ptsanitize.formats.tensor.TensorView;

/** Bytes of tensors from one file into another, both in the page cache; the output is written over each time. */
@State(Scope.Benchmark)
public class StridedCopySpeed {
    private static final long INPUT_BYTES = 64L << 20;

    /** How a tensor of 32 MiB, or a little more, lies in its storage. */
    public enum Layout {
        CONTIGUOUS(DType.BFLOAT16, sizes(4096, 4096), sizes(4096, 1)),
        TRANSPOSED_2_BYTES(DType.BFLOAT16, sizes(4096, 4096), sizes(1, 4096)),
        TRANSPOSED_4_BYTES(DType.FLOAT32, sizes(2048, 4096), sizes(1, 2048)),
        TRANSPOSED_WIDE(DType.BFLOAT16, sizes(512, 32000), sizes(1, 512)),
        TRANSPOSED_ODD(DType.BFLOAT16, sizes(4001, 4003), sizes(1, 4001)),
        /** A convolution as PyTorch has it, {@code permute(2, 3, 1, 0)}. */
        CONVOLUTION_TURNED(DType.FLOAT16, sizes(3, 3, 1365, 1365), sizes(3, 1, 9, 9 * 1365)),
        CHANNELS_LAST(DType.FLOAT16, sizes(1365, 1365, 3, 3), sizes(9 * 1365, 1, 3 * 1365, 1365)),
        HEADS_FIRST(DType.BFLOAT16, sizes(32, 4096, 128), sizes(128, 4096, 1)),
        EVERY_SECOND_COLUMN(DType.BFLOAT16, sizes(4096, 4096), sizes(8192, 2)),
        EXPANDED_ROWS(DType.BFLOAT16, sizes(4096, 4096), sizes(0, 1)),
        BIG_ENDIAN(DType.BFLOAT16, sizes(4096, 4096), sizes(4096, 1)),
        CONJUGATE(DType.COMPLEX64, sizes(4096, 1024), sizes(1024, 1));

        private final DType dtype;
        private final long[] sizes;
        private final long[] strides;

        Layout(DType dtype, long[] sizes, long[] strides) {
            this.dtype = dtype;
            this.sizes = sizes;
            this.strides = strides;
        }

        private static long[] sizes(long... values) {
            return values;
        }

        TensorView of(ByteSource bytes) throws IOException {
            ByteOrder order = this == BIG_ENDIAN ? ByteOrder.BIG_ENDIAN : ByteOrder.LITTLE_ENDIAN;
            TensorView view = TensorView.of(new Storage("0", bytes, order), dtype, 0, sizes, strides, "");
            return this == CONJUGATE ? view.withBits(true, false) : view;
        }
    }

    /** Counted by JMH as so many a second. */
    @AuxCounters
    @State(Scope.Thread)
    public static class Count {
        public long bytes;
    }

    @Param
    public Layout layout;

    private FileSource source;
    private FileChannel output;
    private TensorView view;

    @Setup
    public void open() throws IOException {
        Path folder = Settings.fromProperties().folder();
        Path input = folder.resolve("input.bytes");
        Work.remove(input);
        try (SparseFile file = new SparseFile(input)) {
            file.copy(Filling.random(), 0, INPUT_BYTES);
        }
        source = FileSource.open(input);
        output = FileChannel.open(folder.resolve("output.bytes"), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
        view = layout.of(source);
    }

    @TearDown
    public void close() throws IOException {
        source.close();
        output.close();
    }

    @Benchmark
    public void write(Count count) throws IOException {
        TensorBytes.write(view, new ChannelSink(output.position(0)));
        count.bytes += view.byteSize();
    }
}
