package org.ptsanitize.formats.checkpoint;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.ptsanitize.formats.bytes.ByteSource;
import org.ptsanitize.formats.compress.Compression;

/** A checkpoint that was compressed as a whole. */
final class Unpacked implements Checkpoint {
    private final Compression compression;
    private final ByteSource bytes;
    private final Checkpoint inner;

    /** Takes over the unpacked bytes and the checkpoint in them. */
    Unpacked(Compression compression, ByteSource bytes, Checkpoint inner) {
        this.compression = compression;
        this.bytes = bytes;
        this.inner = inner;
    }

    @Override
    public Container container() {
        return inner.container();
    }

    @Override
    public String writer() {
        return (inner.writer().isEmpty() ? "" : inner.writer() + ", ") + "compressed with " + compression.text();
    }

    @Override
    public List<PickledPart> parts() {
        return inner.parts();
    }

    @Override
    public void forgetPickles() {
        inner.forgetPickles();
    }

    @Override
    public List<NamedTensor> tensors() {
        return inner.tensors();
    }

    @Override
    public List<Member> members() {
        return inner.members();
    }

    @Override
    public List<Member> outside() {
        return inner.outside();
    }

    @Override
    public Map<String, String> metadata() {
        return inner.metadata();
    }

    @Override
    public List<String> notes() {
        List<String> notes = new ArrayList<>();
        notes.add("the file is compressed with " + compression.text() + " and was unpacked to " + bytes.size()
                + " bytes");
        notes.addAll(inner.notes());
        return notes;
    }

    @Override
    public void close() throws IOException {
        try (bytes) {
            inner.close();
        }
    }
}
