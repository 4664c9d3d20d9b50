package org.ptsanitize.formats.checkpoint;

import java.io.IOException;
import java.util.List;
import org.ptsanitize.formats.bytes.Budget;
import org.ptsanitize.formats.bytes.ByteRange;
import org.ptsanitize.formats.bytes.ByteSource;
import org.ptsanitize.formats.numpy.NpyHeader;
import org.ptsanitize.formats.pickle.Pickle;
import org.ptsanitize.formats.pickle.PickleMachine;
import org.ptsanitize.formats.pickle.PickleValue;
import org.ptsanitize.formats.pickle.PickleValue.Bool;
import org.ptsanitize.formats.pickle.PickleValue.Bytes;
import org.ptsanitize.formats.pickle.PickleValue.BytesKind;
import org.ptsanitize.formats.pickle.PickleValue.Call;
import org.ptsanitize.formats.pickle.PickleValue.Global;
import org.ptsanitize.formats.pickle.PickleValue.Text;

/**
 * A {@code .npy} file. Its array is given as the value that a protocol-5 pickle of the same array would hold, so that
 * arrays of every kind have one reader. An array of objects is a pickle already.
 */
final class NumpyFile {
    private static final int HEAP = 1000;

    private NumpyFile() {}

    static Checkpoint open(ByteSource source, Budget budget) throws IOException {
        NpyHeader header = NpyHeader.read(source);
        if (header.objects()) {
            Pickle pickle = PickleMachine.read(source, header.dataOffset(), budget);
            return of(pickle, List.of("an array of objects, which numpy loads only with allow_pickle=True"));
        }
        budget.spendMemory(HEAP, 0);
        long length = source.size() - header.dataOffset();
        Bytes raw = new Bytes(BytesKind.BYTES, new ByteRange(source, header.dataOffset(), length));
        PickleValue type = Call.of(new Global("numpy", "dtype"), header.type(), Bool.FALSE, Bool.TRUE);
        Call array = Call.of(
                new Global("numpy.core.numeric", "_frombuffer"),
                raw,
                type,
                header.shape(),
                new Text(header.fortran() ? "F" : "C"));
        return of(Pickle.of(array), List.of());
    }

    private static Checkpoint of(Pickle pickle, List<String> notes) {
        PickledPart part = new PickledPart("array", pickle, PersistentObjects.NONE, false);
        return new PickledFile(Container.NUMPY_ARRAY, "", List.of(part), notes);
    }
}
