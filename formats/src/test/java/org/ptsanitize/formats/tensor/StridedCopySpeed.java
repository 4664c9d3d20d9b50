package org.ptsanitize.formats.tensor;

import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Locale;
import org.ptsanitize.formats.bytes.ByteSink;
import org.ptsanitize.formats.bytes.ChannelSink;
import org.ptsanitize.formats.bytes.FileSource;

/** Prints how long typical views take to write, as a multiple of the plain copy of as many bytes. Run by hand. */
final class StridedCopySpeed {
    private static final int ROUNDS = 7;

    private StridedCopySpeed() {}

    public static void main(String[] args) throws IOException {
        Path folder = Files.createTempDirectory("strided-copy-speed");
        Path input = folder.resolve("in");
        Path output = folder.resolve("out");
        for (int i = 0; i < 256; i++) {
            Files.write(input, new byte[1 << 20], StandardOpenOption.CREATE, StandardOpenOption.APPEND);
        }
        try (FileSource source = FileSource.open(input)) {
            Storage little = new Storage("0", source, ByteOrder.LITTLE_ENDIAN);
            Storage big = new Storage("0", source, ByteOrder.BIG_ENDIAN);
            measure("contiguous", output, view(little, DType.BFLOAT16, sizes(4096, 4096), sizes(4096, 1)));
            measure("4096 x 4096 transposed", output, view(little, DType.BFLOAT16, sizes(4096, 4096), sizes(1, 4096)));
            measure("4000 x 4000 transposed", output, view(little, DType.BFLOAT16, sizes(4000, 4000), sizes(1, 4000)));
            measure(
                    "4096 x 4096 f32 transposed",
                    output,
                    view(little, DType.FLOAT32, sizes(4096, 4096), sizes(1, 4096)));
            measure("1024 x 1024 transposed", output, view(little, DType.BFLOAT16, sizes(1024, 1024), sizes(1, 1024)));
            measure(
                    "4096 x 32000 transposed",
                    output,
                    view(little, DType.BFLOAT16, sizes(4096, 32000), sizes(1, 4096)));
            measure(
                    "32000 x 4096 transposed",
                    output,
                    view(little, DType.BFLOAT16, sizes(32000, 4096), sizes(1, 32000)));
            measure(
                    "conv OIHW to HWIO",
                    output,
                    view(little, DType.FLOAT16, sizes(3, 3, 1024, 1024), sizes(3, 1, 9, 9216)));
            measure(
                    "conv OIHW to IOHW",
                    output,
                    view(little, DType.FLOAT16, sizes(1024, 1024, 3, 3), sizes(9, 9216, 3, 1)));
            measure(
                    "conv channels last",
                    output,
                    view(little, DType.FLOAT16, sizes(1024, 1024, 3, 3), sizes(9216, 1, 3072, 1024)));
            measure("every second column", output, view(little, DType.BFLOAT16, sizes(4096, 4096), sizes(8192, 2)));
            measure(
                    "left half of the columns",
                    output,
                    view(little, DType.BFLOAT16, sizes(4096, 4096), sizes(8192, 1)));
            measure("heads first", output, view(little, DType.BFLOAT16, sizes(32, 4096, 128), sizes(128, 4096, 1)));
            measure("expanded rows", output, view(little, DType.BFLOAT16, sizes(4096, 4096), sizes(0, 1)));
            measure("expanded columns", output, view(little, DType.BFLOAT16, sizes(4096, 4096), sizes(1, 0)));
            measure("big-endian", output, view(big, DType.BFLOAT16, sizes(4096, 4096), sizes(4096, 1)));
            measure(
                    "conjugate",
                    output,
                    view(little, DType.COMPLEX64, sizes(4096, 1024), sizes(1024, 1))
                            .withBits(true, false));
        } finally {
            Files.deleteIfExists(input);
            Files.deleteIfExists(output);
            Files.deleteIfExists(folder);
        }
    }

    private static long[] sizes(long... values) {
        return values;
    }

    private static TensorView view(Storage storage, DType dtype, long[] sizes, long[] strides) throws IOException {
        return TensorView.of(storage, dtype, 0, sizes, strides, "");
    }

    private static void measure(String name, Path output, TensorView view) throws IOException {
        TensorView plain = view(
                new Storage("0", view.storage().bytes(), ByteOrder.LITTLE_ENDIAN),
                DType.UINT8,
                sizes(view.byteSize()),
                sizes(1));
        long gather = Long.MAX_VALUE;
        long whole = Long.MAX_VALUE;
        long copy = Long.MAX_VALUE;
        for (int round = 0; round < ROUNDS; round++) {
            gather = Math.min(gather, nanos(view, Path.of("/dev/null")));
            whole = Math.min(whole, nanos(view, output));
            copy = Math.min(copy, nanos(plain, output));
        }
        System.out.printf(
                Locale.ROOT,
                "%-28s %6.2f GiB/s without the output; with it %5.1f x a plain copy%n",
                name,
                view.byteSize() * 1e9 / gather / (1 << 30),
                (double) whole / copy);
    }

    /** Processor time, which other work on the machine disturbs less than the clock. */
    private static long nanos(TensorView view, Path output) throws IOException {
        ThreadMXBean threads = ManagementFactory.getThreadMXBean();
        try (ByteSink sink =
                new ChannelSink(FileChannel.open(output, StandardOpenOption.CREATE, StandardOpenOption.WRITE))) {
            long start = threads.getCurrentThreadCpuTime();
            TensorBytes.write(view, sink);
            return threads.getCurrentThreadCpuTime() - start;
        }
    }
}
