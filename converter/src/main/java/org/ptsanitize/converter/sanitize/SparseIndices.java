package org.ptsanitize.converter.sanitize;

import java.io.IOException;
import java.nio.ByteBuffer;
import org.ptsanitize.formats.bytes.Budget;
import org.ptsanitize.formats.bytes.Limit;
import org.ptsanitize.formats.tensor.DType;
import org.ptsanitize.formats.tensor.TensorBytes;
import org.ptsanitize.formats.tensor.TensorView;

/** Index tensors of sparse and nested tensors: read, and held to their bounds, which PyTorch 2.13 does not check. */
final class SparseIndices {
    private SparseIndices() {}

    /** The values of an integer tensor in C order; they cost memory. */
    static long[] read(TensorView view, Fault call, Budget budget) throws IOException {
        if (view.dtype() != DType.INT64 && view.dtype() != DType.INT32) {
            throw call.malformed("has indices of " + view.dtype().torchName());
        }
        budget.check(Limit.ARRAY, view.byteSize(), call.where());
        budget.spendMemory(2 * view.byteSize(), call.offset());
        int size = view.dtype().size();
        ByteBuffer bytes = TensorBytes.read(view);
        long[] values = new long[(int) view.elements()];
        for (int i = 0; i < values.length; i++) {
            values[i] = size == Long.BYTES ? bytes.getLong(i * size) : bytes.getInt(i * size);
        }
        return values;
    }

    static void checkCoo(TensorView indices, long[] sizes, Fault call, Budget budget) throws IOException {
        long[] values = read(indices, call, budget);
        int count = (int) indices.size(1);
        for (int i = 0; i < values.length; i++) {
            long limit = sizes[i / Math.max(1, count)];
            if (values[i] < 0 || values[i] >= limit) {
                throw call.malformed("has the index " + values[i] + " in a dimension of size " + limit);
            }
        }
    }

    /** Compressed pointers start at 0, never fall and end at the number of values; plain indices are in bounds. */
    static void checkCompressed(
            CompositeTensor.Kind kind,
            TensorView compressed,
            TensorView plain,
            TensorView values,
            long[] sizes,
            Fault call,
            Budget budget)
            throws IOException {
        boolean blocks = kind == CompositeTensor.Kind.SPARSE_BSR || kind == CompositeTensor.Kind.SPARSE_BSC;
        boolean rows = kind == CompositeTensor.Kind.SPARSE_CSR || kind == CompositeTensor.Kind.SPARSE_BSR;
        int batch = compressed.rank() - 1;
        boolean fits = batch >= 0
                && sizes.length >= batch + 2
                && plain.rank() == batch + 1
                && values.rank() >= batch + (blocks ? 3 : 1)
                && values.size(batch) == plain.size(batch);
        if (!fits) {
            throw call.malformed("has components and a size that do not fit together");
        }
        long blockRows = blocks ? values.size(batch + 1) : 1;
        long blockColumns = blocks ? values.size(batch + 2) : 1;
        long compressedSize = sizes[batch + (rows ? 0 : 1)] / Math.max(1, rows ? blockRows : blockColumns);
        long plainSize = sizes[batch + (rows ? 1 : 0)] / Math.max(1, rows ? blockColumns : blockRows);
        if (compressed.size(batch) != compressedSize + 1) {
            throw call.malformed("has " + compressed.size(batch) + " compressed indices for " + compressedSize);
        }
        checkPointers(read(compressed, call, budget), compressedSize + 1, plain.size(batch), call);
        for (long index : read(plain, call, budget)) {
            if (index < 0 || index >= plainSize) {
                throw call.malformed("has the index " + index + " in a dimension of size " + plainSize);
            }
        }
    }

    private static void checkPointers(long[] pointers, long each, long count, Fault call) throws IOException {
        for (int i = 0; i < pointers.length; i++) {
            boolean first = i % each == 0;
            boolean last = i % each == each - 1;
            boolean ok = first ? pointers[i] == 0 : pointers[i] >= pointers[i - 1];
            if (!ok || last && pointers[i] != count) {
                throw call.malformed("has compressed indices that do not rise from 0 to " + count);
            }
        }
    }
}
