package org.ptsanitize.bench;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.math.BigInteger;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.ptsanitize.formats.bytes.ByteSource;
import org.ptsanitize.formats.pickle.PickleWriter;
import org.ptsanitize.formats.zip.ZipWriter;

/** Writes checkpoints as PyTorch lays them out, of any size, without PyTorch. */
public final class Inputs {
    private static final BigInteger MAGIC = new BigInteger("1950a86a20f9469cfc6c", 16);
    private static final int VERSION = 1001;

    private Inputs() {}

    /** The archive that {@code torch.save} writes since 1.6. */
    public static void zip(Path path, Tensors tensors, ByteSource filling) throws IOException {
        ByteArrayOutputStream pickle = new ByteArrayOutputStream();
        StatePickle.write(tensors, false, pickle);
        try (SparseFile file = new SparseFile(path)) {
            ZipWriter zip = new ZipWriter(file);
            member(zip, "archive/data.pkl", pickle.toByteArray());
            member(zip, "archive/byteorder", "little".getBytes(StandardCharsets.US_ASCII));
            int key = 0;
            for (Tensors.Tensor tensor : tensors.list()) {
                zip.begin("archive/data/" + key, tensor.bytes());
                zip.body().copy(filling, 64L * key, tensor.bytes());
                zip.end();
                key++;
            }
            member(zip, "archive/version", "3\n".getBytes(StandardCharsets.US_ASCII));
            zip.finish();
        }
    }

    private static void member(ZipWriter zip, String name, byte[] bytes) throws IOException {
        zip.begin(name, bytes.length);
        zip.body().write(ByteBuffer.wrap(bytes));
        zip.end();
    }

    /** The stream that {@code torch.save} wrote before: five pickles, then the storages. */
    static void legacy(Path path, Tensors tensors, ByteSource filling) throws IOException {
        try (SparseFile file = new SparseFile(path)) {
            ByteArrayOutputStream head = new ByteArrayOutputStream();
            pickle(head, out -> out.integer(MAGIC));
            pickle(head, out -> out.integer(VERSION));
            pickle(head, Inputs::systemInfo);
            StatePickle.write(tensors, true, head);
            pickle(head, out -> keys(out, tensors.list().size()));
            file.write(ByteBuffer.wrap(head.toByteArray()));
            ByteBuffer count = ByteBuffer.allocate(Long.BYTES).order(ByteOrder.LITTLE_ENDIAN);
            int key = 0;
            for (Tensors.Tensor tensor : tensors.list()) {
                file.write(count.clear().putLong(tensor.elements()).flip());
                file.copy(filling, 64L * key++, tensor.bytes());
            }
        }
    }

    private static void systemInfo(PickleWriter out) throws IOException {
        out.emptyDict();
        out.mark();
        out.text("protocol_version");
        out.integer(VERSION);
        out.text("little_endian");
        out.bool(true);
        out.setItems();
    }

    private static void keys(PickleWriter out, int count) throws IOException {
        out.emptyList();
        out.mark();
        for (int i = 0; i < count; i++) {
            out.text(Integer.toString(i));
        }
        out.appends();
    }

    /** What stands in a pickle of its own. */
    @FunctionalInterface
    private interface Content {
        void write(PickleWriter out) throws IOException;
    }

    private static void pickle(OutputStream stream, Content content) throws IOException {
        PickleWriter out = new PickleWriter(stream);
        out.proto();
        content.write(out);
        out.stop();
    }

    /** A folder of as many archives as wanted, a thousand in each folder below. */
    static void folder(Path folder, int files, long bytes, ByteSource filling) throws IOException {
        for (int i = 0; i < files; i++) {
            Path below = folder.resolve("part" + i / 1000);
            Files.createDirectories(below);
            zip(below.resolve("model" + i + ".pt"), Tensors.matrices(2, bytes), new Shifted(filling, 4096L * i));
        }
    }

    /** A source that begins later, so that no two files are equal. */
    private record Shifted(ByteSource source, long shift) implements ByteSource {
        @Override
        public String name() {
            return source.name();
        }

        @Override
        public long size() {
            return source.size() - shift;
        }

        @Override
        public void readFully(long position, ByteBuffer target) throws IOException {
            source.readFully(shift + position, target);
        }

        @Override
        public void transferTo(long position, long count, java.nio.channels.WritableByteChannel target)
                throws IOException {
            source.transferTo(shift + position, count, target);
        }

        @Override
        public void close() {}
    }
}
