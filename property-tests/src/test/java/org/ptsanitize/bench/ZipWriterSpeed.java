package org.ptsanitize.bench;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.channels.Channels;
import org.openjdk.jmh.annotations.AuxCounters;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;
import org.ptsanitize.formats.bytes.ByteSource;
import org.ptsanitize.formats.bytes.ChannelSink;
import org.ptsanitize.formats.zip.ZipWriter;

/** Bytes of a member that is written to nowhere: what its CRC-32 costs, and its way through a buffer. */
@State(Scope.Benchmark)
public class ZipWriterSpeed {
    private static final long MEMBER_BYTES = 64L << 20;

    /** Counted by JMH as so many a second. */
    @AuxCounters
    @State(Scope.Thread)
    public static class Count {
        public long bytes;
    }

    private final ByteSource filling = Filling.random();

    @Benchmark
    public long write(Count count) throws IOException {
        ZipWriter zip = new ZipWriter(new ChannelSink(Channels.newChannel(OutputStream.nullOutputStream())));
        zip.begin("archive/data/0", MEMBER_BYTES);
        zip.body().copy(filling, 0, MEMBER_BYTES);
        zip.end();
        zip.finish();
        count.bytes += MEMBER_BYTES;
        return zip.position();
    }
}
