package org.ptsanitize.converter.convert;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import org.ptsanitize.converter.sanitize.Node;
import org.ptsanitize.formats.bytes.Budget;
import org.ptsanitize.formats.bytes.ByteSink;
import org.ptsanitize.formats.bytes.LimitExceededException;
import org.ptsanitize.formats.pickle.PickleWriter;
import org.ptsanitize.formats.tensor.TensorView;
import org.ptsanitize.formats.zip.ZipWriter;

/**
 * A fresh archive that {@code torch.load(weights_only=True)} accepts, with and without {@code mmap}: only
 * {@code data.pkl}, {@code byteorder}, the storages and {@code version}, all stored, all aligned, below {@code archive}.
 */
final class PtOutput {
    private static final String ROOT = "archive/";

    private final Node root;
    private final PtStorages storages;
    private final Map<Node, Boolean> shared;
    private final boolean keepParameters;
    private final Budget budget;
    private final long pickleSize;
    private final TorchVersion needs;

    private PtOutput(Node root, boolean keepParameters, Budget budget) throws IOException {
        this.root = root;
        this.keepParameters = keepParameters;
        this.budget = budget;
        List<TensorView> views = PtTree.views(root);
        Expansion.check(views, budget.limits());
        this.storages = PtStorages.of(views);
        this.shared = PtPickle.sharedNodes(root);
        PickleWriter counter = new PickleWriter(OutputStream.nullOutputStream());
        this.needs = new PtPickle(counter, storages, shared, keepParameters).write(root);
        this.pickleSize = counter.position();
    }

    /**
     * Lays out a tree that is in {@link PtForm}.
     *
     * @throws LimitExceededException if views ask for far more bytes than are stored
     */
    static PtOutput of(Node root, boolean keepParameters, Budget budget) throws IOException {
        return new PtOutput(root, keepParameters, budget);
    }

    /** The oldest PyTorch that reads the output with {@code weights_only=True}. */
    TorchVersion needs() {
        return needs;
    }

    Node root() {
        return root;
    }

    /** Where its tensors are. */
    PtStorages storages() {
        return storages;
    }

    /** Bytes of all storages. */
    long storageBytes() {
        return storages.used().stream().mapToLong(PtStorages.Part::byteSize).sum();
    }

    void write(ByteSink out) throws IOException {
        ZipWriter zip = new ZipWriter(out);
        zip.begin(ROOT + "data.pkl", pickleSize);
        new PtPickle(new PickleWriter(new SinkStream(zip.body())), storages, shared, keepParameters).write(root);
        zip.end();
        small(zip, "byteorder", "little");
        for (PtStorages.Part part : storages.used()) {
            zip.begin(ROOT + "data/" + part.key(), part.byteSize());
            part.write(zip.body(), zip.position(), budget);
            zip.end();
        }
        small(zip, "version", "3\n");
        zip.finish();
    }

    private static void small(ZipWriter zip, String name, String text) throws IOException {
        byte[] bytes = text.getBytes(StandardCharsets.US_ASCII);
        zip.begin(ROOT + name, bytes.length);
        zip.body().write(ByteBuffer.wrap(bytes));
        zip.end();
    }

    /** A sink as a stream. */
    private static final class SinkStream extends OutputStream {
        private final ByteSink sink;

        SinkStream(ByteSink sink) {
            this.sink = sink;
        }

        @Override
        public void write(int b) throws IOException {
            sink.write(ByteBuffer.wrap(new byte[] {(byte) b}));
        }

        @Override
        public void write(byte[] bytes, int offset, int length) throws IOException {
            sink.write(ByteBuffer.wrap(bytes, offset, length));
        }
    }
}
