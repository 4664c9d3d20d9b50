package org.ptsanitize.formats.checkpoint;

import java.io.IOException;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.ptsanitize.formats.bytes.ByteSource;
import org.ptsanitize.formats.bytes.FileFormatException;
import org.ptsanitize.formats.bytes.MalformedFileException;
import org.ptsanitize.formats.bytes.Printable;
import org.ptsanitize.formats.bytes.UnsupportedFileException;
import org.ptsanitize.formats.tensor.DType;
import org.ptsanitize.formats.tensor.Shape;
import org.ptsanitize.formats.tensor.Storage;
import org.ptsanitize.formats.tensor.TensorView;

/**
 * The weights or the constants of one exported program: tensors whose storages are records and whose shapes are JSON,
 * and values, each in an archive or pickle of its own.
 */
final class ExportedTensors implements Checkpoint {
    /** {@code ScalarType} of torch's {@code _export/serde/schema.py}; its numbers are fixed by the format. */
    private static final Map<Integer, DType> TYPES = Map.ofEntries(
            Map.entry(1, DType.UINT8),
            Map.entry(2, DType.INT8),
            Map.entry(3, DType.INT16),
            Map.entry(4, DType.INT32),
            Map.entry(5, DType.INT64),
            Map.entry(6, DType.FLOAT16),
            Map.entry(7, DType.FLOAT32),
            Map.entry(8, DType.FLOAT64),
            Map.entry(9, DType.COMPLEX32),
            Map.entry(10, DType.COMPLEX64),
            Map.entry(11, DType.COMPLEX128),
            Map.entry(12, DType.BOOL),
            Map.entry(13, DType.BFLOAT16),
            Map.entry(28, DType.UINT16),
            Map.entry(29, DType.FLOAT8_E4M3FN),
            Map.entry(30, DType.FLOAT8_E5M2),
            Map.entry(31, DType.FLOAT8_E4M3FNUZ),
            Map.entry(32, DType.FLOAT8_E5M2FNUZ),
            Map.entry(33, DType.FLOAT8_E8M0FNU),
            Map.entry(34, DType.UINT32),
            Map.entry(35, DType.UINT64));

    private static final int STRIDED = 7;
    private static final String SCRIPT_OBJECT = "custom_obj_";

    private final List<NamedTensor> tensors = new ArrayList<>();
    private final List<Member> members = new ArrayList<>();

    /** Opens the checkpoint in a record; {@code script} if TorchScript's pickler wrote it. */
    @FunctionalInterface
    interface Nested {
        Checkpoint open(ByteSource bytes, boolean script) throws IOException;
    }

    /** Finds the bytes of a record by its name in one folder of the archive. */
    @FunctionalInterface
    interface Records {
        Optional<ByteSource> find(String name) throws IOException;
    }

    private ExportedTensors() {}

    static ExportedTensors of(PayloadConfig config, Records records, ByteOrder order, Nested nested)
            throws IOException {
        ExportedTensors all = new ExportedTensors();
        Map<String, Typed> storages = new HashMap<>();
        for (PayloadConfig.Payload payload : config.payloads()) {
            ByteSource bytes = records.find(payload.file())
                    .orElseThrow(() -> new MalformedFileException(
                            "the record " + Printable.quote(payload.file()) + " is missing from the archive",
                            Printable.quote(payload.name())));
            if (payload.pickled()) {
                all.members.add(new Member(payload.name(), open(payload, bytes, nested)));
            } else {
                all.tensors.add(tensor(payload, bytes, order, storages));
            }
        }
        return all;
    }

    private static Checkpoint open(PayloadConfig.Payload payload, ByteSource bytes, Nested nested) throws IOException {
        try {
            return nested.open(bytes, payload.file().startsWith(SCRIPT_OBJECT));
        } catch (FileFormatException e) {
            throw e.within("record " + Printable.quote(payload.file()));
        }
    }

    private record Typed(Storage storage, DType dtype) {}

    private static NamedTensor tensor(
            PayloadConfig.Payload payload, ByteSource bytes, ByteOrder order, Map<String, Typed> storages)
            throws FileFormatException {
        String where = Printable.quote(payload.name());
        PayloadConfig.TensorMeta meta = payload.tensor().orElseThrow();
        DType dtype = TYPES.get(meta.dtype());
        if (dtype == null || meta.layout() != STRIDED) {
            throw new UnsupportedFileException(
                    dtype == null
                            ? "a tensor of the unknown scalar type " + meta.dtype()
                            : "a tensor that is not strided (layout " + meta.layout() + ")",
                    where);
        }
        Typed typed =
                storages.computeIfAbsent(payload.file(), file -> new Typed(new Storage(file, bytes, order), dtype));
        if (typed.dtype() != dtype) {
            throw new MalformedFileException("storage '" + payload.file() + "' is used with two element types", where);
        }
        if (bytes.size() == 0 && Shape.elements(meta.sizes(), where) > 0) {
            throw new UnsupportedFileException(
                    "a tensor without bytes, as an export from fake tensors leaves it",
                    where,
                    "export the program with real weights");
        }
        TensorView view = TensorView.of(typed.storage(), dtype, meta.offset(), meta.sizes(), meta.strides(), where);
        return new NamedTensor(payload.name(), view, payload.parameter());
    }

    @Override
    public Container container() {
        return Container.EXPORTED_PROGRAM;
    }

    @Override
    public List<NamedTensor> tensors() {
        return List.copyOf(tensors);
    }

    @Override
    public List<Member> members() {
        return List.copyOf(members);
    }

    @Override
    public List<PickledPart> parts() {
        return Bundle.parts(members);
    }

    @Override
    public void forgetPickles() {
        members.forEach(member -> member.checkpoint().forgetPickles());
    }

    @Override
    public void close() throws IOException {
        for (Member member : members) {
            member.checkpoint().close();
        }
    }
}
