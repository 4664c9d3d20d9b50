package org.ptsanitize.formats.bytes;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.WritableByteChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileTime;

/** A file of a {@link Folder}: open only while it is read, and then the file that it was at first. */
final class FolderFile implements ByteSource {
    private final Path path;
    private final OpenFiles files;
    private final long size;
    private final FileTime modified;

    private FolderFile(Path path, OpenFiles files, BasicFileAttributes attributes) {
        this.path = path;
        this.files = files;
        this.size = attributes.size();
        this.modified = attributes.lastModifiedTime();
    }

    static FolderFile of(Path path, OpenFiles files) throws IOException {
        BasicFileAttributes attributes = Files.readAttributes(path, BasicFileAttributes.class);
        if (!attributes.isRegularFile()) {
            throw (NotACheckpointException)
                    new NotACheckpointException("is not a regular file", "", "name a checkpoint file")
                            .in(path.toString());
        }
        return new FolderFile(path, files, attributes);
    }

    Path path() {
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
        try (OpenFiles.Lease lease = files.borrow(this)) {
            ChannelRange.read(lease.channel(), position, target, this::changed);
        }
    }

    @Override
    public void transferTo(long position, long count, WritableByteChannel target) throws IOException {
        checkRange(position, count);
        try (OpenFiles.Lease lease = files.borrow(this)) {
            ChannelRange.transfer(lease.channel(), position, count, target, this::changed);
        }
    }

    /** Checks that the file still has the size and time that it had at first. */
    void checkUnchanged() throws IOException {
        BasicFileAttributes now = Files.readAttributes(path, BasicFileAttributes.class);
        if (now.size() != size || !now.lastModifiedTime().equals(modified)) {
            throw changed(0);
        }
    }

    private FileFormatException changed(long at) {
        return new MalformedFileException("the file changed while it was read", "byte " + at).in(path.toString());
    }

    @Override
    public void close() {}
}
