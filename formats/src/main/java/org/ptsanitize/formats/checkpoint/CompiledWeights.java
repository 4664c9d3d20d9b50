package org.ptsanitize.formats.checkpoint;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.ptsanitize.formats.bytes.Budget;
import org.ptsanitize.formats.bytes.ByteSource;
import org.ptsanitize.formats.bytes.FileFormatException;
import org.ptsanitize.formats.bytes.MalformedFileException;
import org.ptsanitize.formats.bytes.Printable;
import org.ptsanitize.formats.json.StrictJson;
import org.ptsanitize.formats.pickle.PickleValue;
import org.ptsanitize.formats.pickle.PickleValue.Call;
import org.ptsanitize.formats.pickle.PickleValue.Global;
import org.ptsanitize.formats.pickle.PickleValue.Tuple;
import org.ptsanitize.formats.tensor.DType;

/**
 * The weights that AOTInductor put beside a compiled program: {@code weights_config.json} with
 * {@code {name: [file, sizes, strides, offset]}}, and for each file an archive of one tensor, whose storage the names are
 * views of.
 */
final class CompiledWeights implements Checkpoint {
    private static final int LARGEST_RANK = 64;
    private static final int DTYPE_ARGUMENT = 6;

    private final List<NamedTensor> tensors;
    private final List<Checkpoint> archives;

    private CompiledWeights(List<NamedTensor> tensors, List<Checkpoint> archives) {
        this.tensors = tensors;
        this.archives = archives;
    }

    static CompiledWeights read(
            ByteSource config,
            String subject,
            ExportedTensors.Records records,
            ExportedTensors.Nested nested,
            Budget budget)
            throws IOException {
        Reader reader = new Reader(StrictJson.of(config, subject, budget), records, nested);
        reader.read();
        return new CompiledWeights(reader.tensors, new ArrayList<>(reader.archives.values()));
    }

    private record Stored(StorageRef storage, DType dtype) {}

    private static final class Reader {
        private final StrictJson json;
        private final ExportedTensors.Records records;
        private final ExportedTensors.Nested nested;
        private final List<NamedTensor> tensors = new ArrayList<>();
        private final Map<String, Checkpoint> archives = new HashMap<>();
        private final Map<String, Stored> storages = new HashMap<>();

        Reader(StrictJson json, ExportedTensors.Records records, ExportedTensors.Nested nested) {
            this.json = json;
            this.records = records;
            this.nested = nested;
        }

        void read() throws IOException {
            json.object(this::weight);
            json.end();
        }

        private boolean weight(String name) throws IOException {
            json.beginArray();
            String file = json.text();
            long[] sizes = integers();
            long[] strides = integers();
            long offset = json.whole();
            json.endArray();
            Stored stored = stored(file);
            tensors.add(new NamedTensor(
                    name, stored.storage().view(stored.dtype(), offset, sizes, strides, Printable.quote(name))));
            return true;
        }

        private long[] integers() throws IOException {
            long[] numbers = new long[LARGEST_RANK];
            int count = 0;
            json.beginArray();
            while (json.hasNext()) {
                if (count == LARGEST_RANK) {
                    throw json.wrong("a tensor of more than " + LARGEST_RANK + " dimensions");
                }
                numbers[count++] = json.whole();
            }
            json.endArray();
            return Arrays.copyOf(numbers, count);
        }

        private Stored stored(String file) throws IOException {
            Stored known = storages.get(file);
            if (known != null) {
                return known;
            }
            String where = "record " + Printable.quote(file);
            ByteSource bytes = records.find(file)
                    .orElseThrow(() -> new MalformedFileException("a record is missing from the archive", where));
            try {
                Checkpoint archive = nested.open(bytes, false);
                archives.put(file, archive);
                Stored stored = only(archive);
                storages.put(file, stored);
                return stored;
            } catch (FileFormatException e) {
                throw e.within(where);
            }
        }

        /** The storage of an archive that holds one tensor. */
        private static Stored only(Checkpoint archive) throws IOException {
            PickledPart part = archive.parts().get(0);
            if (part.pickle().persistentIds().size() == 1
                    && part.persistent().resolve(part.pickle().persistentIds().get(0)) instanceof StorageRef storage) {
                Optional<DType> dtype = storage.type().or(() -> dtypeArgument(part));
                if (dtype.isPresent()) {
                    return new Stored(storage, dtype.get());
                }
            }
            throw new MalformedFileException("an archive that holds something else than one tensor");
        }

        /** The element type that {@code _rebuild_tensor_v3} is given for an untyped storage. */
        private static Optional<DType> dtypeArgument(PickledPart part) {
            for (Call call : part.pickle().calls()) {
                if (call.callable() instanceof Global function
                        && function.dotted().equals("torch._utils._rebuild_tensor_v3")
                        && call.arguments() instanceof Tuple arguments
                        && arguments.size() > DTYPE_ARGUMENT) {
                    PickleValue dtype = arguments.get(DTYPE_ARGUMENT);
                    return dtype instanceof Global global && global.module().equals("torch")
                            ? DType.ofTorchName(global.name())
                            : Optional.empty();
                }
            }
            return Optional.empty();
        }
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
    public List<PickledPart> parts() {
        List<PickledPart> parts = new ArrayList<>();
        for (Checkpoint archive : archives) {
            archive.parts().forEach(part -> parts.add(part.steering()));
        }
        return parts;
    }

    @Override
    public void forgetPickles() {
        archives.forEach(Checkpoint::forgetPickles);
    }

    @Override
    public void close() throws IOException {
        for (Checkpoint archive : archives) {
            archive.close();
        }
    }
}
