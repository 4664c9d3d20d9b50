package org.ptsanitize.formats.bytes;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.WritableByteChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayDeque;
import java.util.Deque;
import org.jspecify.annotations.Nullable;

/**
 * Room on disk for unpacked bytes of one input: a single temporary file that only its owner can read, made when first
 * needed and gone after {@link #close()}; where the system allows it, its name disappears at once, so that not even a
 * killed process leaves it behind. What it may hold follows the input's size. Not thread-safe; the sources it gives may
 * be read by several threads.
 */
public final class Scratch implements AutoCloseable {
    private static final long ALWAYS_ALLOWED = 64L << 20;

    private final Path directory;
    private final long allowed;
    private final long factor;
    private final Deque<Part> parts = new ArrayDeque<>();
    private @Nullable FileChannel channel;
    private @Nullable Path file;
    private boolean writing;
    private boolean closed;

    private Scratch(Path directory, long allowed, long factor) {
        this.directory = directory;
        this.allowed = allowed;
        this.factor = factor;
    }

    /**
     * Room in a directory for {@link Limit#INFLATE} times the size of the input, at least 64 MiB.
     *
     * @param inputSize the bytes of the packed input
     */
    public static Scratch in(Path directory, long inputSize, Limits limits) {
        long factor = limits.of(Limit.INFLATE);
        return new Scratch(directory, allowed(inputSize, factor), factor);
    }

    /** Room in the system's directory for temporary files. */
    public static Scratch of(long inputSize, Limits limits) {
        return in(Path.of(System.getProperty("java.io.tmpdir")), inputSize, limits);
    }

    /** The unpacked size that a packed size allows: a multiple of it, at least 64 MiB. */
    public static long allowed(long packedSize, long factor) {
        long most = Math.multiplyHigh(packedSize, factor) == 0 ? packedSize * factor : Long.MAX_VALUE;
        return Math.max(ALWAYS_ALLOWED, most < 0 ? Long.MAX_VALUE : most);
    }

    /**
     * Starts a new part. One part is written at a time.
     *
     * @param name how messages call the bytes
     */
    public ScratchSink begin(String name) throws IOException {
        if (writing) {
            throw new IllegalStateException("the part before is not finished");
        }
        FileChannel target = open();
        writing = true;
        return new ScratchSink(name, target, end());
    }

    private FileChannel open() throws IOException {
        if (closed) {
            throw new IllegalStateException("the scratch room is closed");
        }
        FileChannel open = channel;
        if (open == null) {
            Path made = Files.createTempFile(directory, "ptsanitize", ".tmp");
            file = made;
            made.toFile().deleteOnExit();
            open = FileChannel.open(made, StandardOpenOption.READ, StandardOpenOption.WRITE);
            channel = open;
            unlink(made);
        }
        return open;
    }

    /** Removes the name of the open file; where that is not possible, {@link #close()} does it. */
    private void unlink(Path made) {
        try {
            Files.delete(made);
            file = null;
        } catch (IOException e) {
            file = made;
        }
    }

    private long end() {
        Part last = parts.peekLast();
        return last == null ? 0 : last.start + last.length;
    }

    /** Frees the room at the end of the file that no open source uses. */
    private void trim() {
        for (Part last = parts.peekLast(); last != null && last.released; last = parts.peekLast()) {
            parts.removeLast();
        }
    }

    @Override
    public void close() throws IOException {
        closed = true;
        try (FileChannel open = channel) {
            channel = null;
        } finally {
            Path left = file;
            if (left != null) {
                Files.deleteIfExists(left);
                file = null;
            }
        }
    }

    /** Takes the bytes of one part. Closing it without {@link #finish()} gives the room back. */
    public final class ScratchSink implements ByteSink {
        private final String name;
        private final FileChannel target;
        private final long start;
        private long length;
        private boolean open = true;

        private ScratchSink(String name, FileChannel target, long start) {
            this.name = name;
            this.target = target;
            this.start = start;
        }

        @Override
        public long position() {
            return length;
        }

        @Override
        public void write(ByteBuffer bytes) throws IOException {
            if (!open) {
                throw new IllegalStateException("this part is finished");
            }
            if (bytes.remaining() > allowed - start - length) {
                throw new LimitExceededException(Limit.INFLATE, factor, Printable.quote(name));
            }
            while (bytes.hasRemaining()) {
                length += target.write(bytes, start + length);
            }
        }

        @Override
        public void copy(ByteSource source, long offset, long count) throws IOException {
            source.transferTo(offset, count, new SinkChannel(this));
        }

        /** The bytes written so far as a source. Closing that source gives the room back. */
        public ByteSource finish() {
            Part part = new Part(name, target, start, length);
            close();
            parts.addLast(part);
            return part;
        }

        @Override
        public void close() {
            if (open) {
                open = false;
                writing = false;
            }
        }
    }

    private final class Part implements ByteSource {
        private final String name;
        private final FileChannel from;
        private final long start;
        private final long length;
        private boolean released;

        private Part(String name, FileChannel from, long start, long length) {
            this.name = name;
            this.from = from;
            this.start = start;
            this.length = length;
        }

        @Override
        public String name() {
            return name;
        }

        @Override
        public long size() {
            return length;
        }

        @Override
        public void readFully(long position, ByteBuffer target) throws IOException {
            checkRange(position, target.remaining());
            ChannelRange.read(from, start + position, target, this::shrunk);
        }

        @Override
        public void transferTo(long position, long count, WritableByteChannel target) throws IOException {
            checkRange(position, count);
            ChannelRange.transfer(from, start + position, count, target, this::shrunk);
        }

        private IOException shrunk(long at) {
            return new IOException("the temporary file became shorter while it was read, at byte " + at);
        }

        @Override
        public void close() {
            released = true;
            trim();
        }
    }
}
