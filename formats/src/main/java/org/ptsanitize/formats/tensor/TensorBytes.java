package org.ptsanitize.formats.tensor;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import org.ptsanitize.formats.bytes.ByteSink;
import org.ptsanitize.formats.bytes.ByteSource;
import org.ptsanitize.formats.bytes.UnsupportedFileException;

/**
 * The bytes of a tensor as every output holds them: its logical value, C-contiguous and little-endian. What lies like
 * that in its storage goes straight from source to sink; everything else passes through buffers of a few MiB,
 * whatever the tensor's size.
 */
public final class TensorBytes {
    private TensorBytes() {}

    /**
     * Writes exactly {@link TensorView#byteSize()} bytes.
     *
     * @throws UnsupportedFileException if the view has a negative bit that its type cannot carry, or is a view of packed
     *     values that is not contiguous or starts inside a byte; nothing is written then
     */
    public static void write(TensorView view, ByteSink sink) throws IOException {
        write(view, sink, Buffers.DEFAULT);
    }

    static void write(TensorView view, ByteSink sink, Buffers buffers) throws IOException {
        if (view.elements() == 0) {
            return;
        }
        if (view.dtype().valuesPerElement() > 1) {
            checkPacked(view);
        }
        ElementTransform transform = ElementTransform.of(view);
        if (transform.isIdentity() && view.isContiguous()) {
            sink.copy(view.storage().bytes(), start(view), view.byteSize());
        } else {
            new StridedGather(view, transform, buffers).writeTo(sink);
        }
    }

    /** Where in its storage a contiguous view starts, in bytes. */
    private static long start(TensorView view) {
        return view.offset() / view.dtype().valuesPerElement() * view.dtype().size();
    }

    /**
     * The same bytes in memory, for tensors that are known to be small.
     *
     * @return a little-endian buffer of {@link TensorView#byteSize()} bytes
     */
    public static ByteBuffer read(TensorView view) throws IOException {
        ByteBuffer bytes = ByteBuffer.allocate(Math.toIntExact(view.byteSize())).order(ByteOrder.LITTLE_ENDIAN);
        read(view, bytes);
        return bytes.flip();
    }

    /** Puts the same bytes into a buffer that has room for exactly them. */
    public static void read(TensorView view, ByteBuffer target) throws IOException {
        if (target.remaining() != view.byteSize()) {
            throw new IllegalArgumentException(target.remaining() + " bytes of room for " + view.byteSize());
        }
        write(view, new BufferSink(target));
    }

    /** A sink into a buffer that has room for all that comes. */
    private record BufferSink(ByteBuffer target) implements ByteSink {
        @Override
        public long position() {
            return target.position();
        }

        @Override
        public void write(ByteBuffer bytes) {
            target.put(bytes);
        }

        @Override
        public void copy(ByteSource source, long offset, long length) throws IOException {
            int limit = target.limit();
            source.readFully(offset, target.limit(target.position() + Math.toIntExact(length)));
            target.limit(limit);
        }

        @Override
        public void close() {}
    }

    private static void checkPacked(TensorView view) throws UnsupportedFileException {
        if (!view.isContiguous()) {
            throw unsupported(view, "a strided view of " + view.dtype().torchName() + ", which packs values in bytes");
        }
        if (view.offset() % view.dtype().valuesPerElement() != 0) {
            throw unsupported(
                    view,
                    "a view of " + view.dtype().torchName() + " that starts inside a byte, at value " + view.offset());
        }
    }

    static UnsupportedFileException unsupported(TensorView view, String problem) {
        return new UnsupportedFileException(
                problem, "storage '" + view.storage().key() + "'");
    }

    /** Whether the elements have to be reversed to become little-endian. */
    static boolean isSwapped(TensorView view) {
        return view.storage().byteOrder() == ByteOrder.BIG_ENDIAN
                && view.dtype().swapUnit() > 1;
    }
}
