package org.ptsanitize.bench;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.channels.Channels;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.openjdk.jmh.annotations.AuxCounters;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.ptsanitize.formats.bytes.Budget;
import org.ptsanitize.formats.bytes.ChannelSink;
import org.ptsanitize.formats.bytes.FileSource;
import org.ptsanitize.formats.bytes.Limits;
import org.ptsanitize.formats.safetensors.SafetensorsEntry;
import org.ptsanitize.formats.safetensors.SafetensorsHeader;
import org.ptsanitize.formats.safetensors.SafetensorsLayout;
import org.ptsanitize.formats.safetensors.SafetensorsType;

/** Tensors in headers of safetensors files. */
@State(Scope.Benchmark)
public class SafetensorsHeaderSpeed {
    private static final int BYTES_PER_TENSOR = 1000;

    /** Counted by JMH as so many a second. */
    @AuxCounters
    @State(Scope.Thread)
    public static class Count {
        public long tensors;
    }

    @Param({"20000", "100000"})
    public int tensors;

    private List<SafetensorsEntry> entries;
    private FileSource source;

    @Setup
    public void open() throws IOException {
        entries = Tensors.matrices(tensors, (long) BYTES_PER_TENSOR * tensors).list().stream()
                .map(tensor -> new SafetensorsEntry(tensor.name(), SafetensorsType.BF16, tensor.sizes()))
                .toList();
        Path input = Settings.fromProperties().folder().resolve("input.safetensors");
        Work.remove(input);
        try (SparseFile file = new SparseFile(input)) {
            SafetensorsLayout layout = SafetensorsLayout.of(Map.of(), entries);
            layout.writeHeader(file);
            file.copy(Filling.zeros(), 0, layout.dataLength());
        }
        source = FileSource.open(input);
    }

    @TearDown
    public void close() throws IOException {
        source.close();
    }

    /** Lays a file out and writes its header to nowhere. */
    @Benchmark
    public SafetensorsLayout write(Count count) throws IOException {
        SafetensorsLayout layout = SafetensorsLayout.of(Map.of(), entries);
        layout.writeHeader(new ChannelSink(Channels.newChannel(OutputStream.nullOutputStream())));
        count.tensors += tensors;
        return layout;
    }

    /** Reads and checks a header, from a file in the page cache. */
    @Benchmark
    public SafetensorsHeader read(Count count) throws IOException {
        count.tensors += tensors;
        return SafetensorsHeader.read(source, new Budget(Limits.defaults()));
    }
}
