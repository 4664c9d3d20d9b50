package org.ptsanitize.bench;

import java.io.IOException;
import java.nio.file.Path;
import org.openjdk.jmh.annotations.AuxCounters;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.ptsanitize.formats.bytes.Budget;
import org.ptsanitize.formats.bytes.FileSource;
import org.ptsanitize.formats.bytes.Limits;
import org.ptsanitize.formats.zip.ZipDirectory;

/** Members in directories of archives, each with its local header looked at. */
@State(Scope.Benchmark)
public class ZipDirectorySpeed {
    /** Counted by JMH as so many a second. */
    @AuxCounters
    @State(Scope.Thread)
    public static class Count {
        public long members;
    }

    @Param({"20000", "100000"})
    public int tensors;

    private FileSource source;

    @Setup
    public void open() throws IOException {
        Path input = Settings.fromProperties().folder().resolve("input.pt");
        Work.remove(input);
        Inputs.zip(input, Tensors.small(tensors), Filling.zeros());
        source = FileSource.open(input);
    }

    @TearDown
    public void close() throws IOException {
        source.close();
    }

    @Benchmark
    public ZipDirectory read(Count count) throws IOException {
        ZipDirectory directory = ZipDirectory.read(source, new Budget(Limits.defaults()));
        count.members += directory.members().size();
        return directory;
    }
}
