package org.ptsanitize.formats.bytes;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.WritableByteChannel;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.Objects;

/** A regular file, opened for reading only. Its size is the one it had when it was opened. */
public final class FileSource implements ByteSource {
    private final Path path;
    private final FileChannel channel;
    private final long size;
    private final BasicFileAttributes opened;

    private FileSource(Path path, FileChannel channel, long size, BasicFileAttributes opened) {
        this.path = path;
        this.channel = channel;
        this.size = size;
        this.opened = opened;
    }

    /**
     * Opens a regular file.
     *
     * @throws NotACheckpointException if the path is a directory, a device or a pipe
     */
    public static FileSource open(Path path) throws IOException {
        if (!Files.exists(path)) {
            throw new NoSuchFileException(path.toString());
        }
        if (!Files.isRegularFile(path)) {
            throw (NotACheckpointException) new NotACheckpointException(
                            Files.isDirectory(path) ? "is a directory" : "is not a regular file",
                            "",
                            "name a checkpoint file")
                    .in(path.toString());
        }
        FileChannel channel = FileChannel.open(path, StandardOpenOption.READ);
        try {
            return new FileSource(path, channel, channel.size(), attributes(path));
        } catch (IOException e) {
            channel.close();
            throw e;
        }
    }

    public Path path() {
        return path;
    }

    @Override
    public String name() {
        return path.toString();
    }

    @Override
    public long size() {
        return size;
    }

    @Override
    public void readFully(long position, ByteBuffer target) throws IOException {
        checkRange(position, target.remaining());
        ChannelRange.read(channel, position, target, FileSource::shrunk);
    }

    @Override
    public void transferTo(long position, long count, WritableByteChannel target) throws IOException {
        checkRange(position, count);
        ChannelRange.transfer(channel, position, count, target, FileSource::shrunk);
    }

    /**
     * Checks that the file is still the one that was opened, so that what was read at different times belongs together.
     *
     * @throws MalformedFileException if its size or its time of modification is another
     */
    public void checkUnchanged() throws IOException {
        if (channel.size() != size
                || isStillNamed() && !attributes(path).lastModifiedTime().equals(opened.lastModifiedTime())) {
            throw new MalformedFileException("the file changed while it was read").in(path.toString());
        }
    }

    /** Whether the path still leads to this file. Where it was replaced or removed, this one goes on being read as it was. */
    private boolean isStillNamed() throws IOException {
        return Files.exists(path) && Objects.equals(attributes(path).fileKey(), opened.fileKey());
    }

    private static BasicFileAttributes attributes(Path path) throws IOException {
        return Files.readAttributes(path, BasicFileAttributes.class);
    }

    private static MalformedFileException shrunk(long at) {
        return new MalformedFileException("the file became shorter while it was read", "byte " + at);
    }

    @Override
    public void close() throws IOException {
        channel.close();
    }
}
