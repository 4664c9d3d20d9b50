package org.ptsanitize.formats.checkpoint;

import java.io.IOException;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.ptsanitize.formats.bytes.Budget;
import org.ptsanitize.formats.bytes.ByteSource;
import org.ptsanitize.formats.bytes.MalformedFileException;
import org.ptsanitize.formats.bytes.UnsupportedFileException;
import org.ptsanitize.formats.safetensors.SafetensorsHeader;
import org.ptsanitize.formats.safetensors.SafetensorsTensor;
import org.ptsanitize.formats.tensor.DType;
import org.ptsanitize.formats.tensor.Shape;
import org.ptsanitize.formats.tensor.Storage;
import org.ptsanitize.formats.tensor.TensorView;

/** A safetensors file as a checkpoint. Each tensor is a storage of its own. */
public final class SafetensorsFile implements Checkpoint {
    private static final int END_OF_DIRECTORY = 22;
    private static final int END_SIGNATURE = 0x06054b50;

    private final SafetensorsHeader header;
    private final List<NamedTensor> tensors;

    private SafetensorsFile(SafetensorsHeader header, List<NamedTensor> tensors) {
        this.header = header;
        this.tensors = tensors;
    }

    /** Opens a file by the strict rules of the format. The source stays the caller's to close. */
    public static SafetensorsFile open(ByteSource source, Budget budget) throws IOException {
        SafetensorsHeader header = SafetensorsHeader.read(source, budget);
        refuseArchive(source);
        List<NamedTensor> tensors = new ArrayList<>(header.tensors().size());
        for (SafetensorsTensor tensor : header.tensors()) {
            tensors.add(new NamedTensor(tensor.name(), view(source, header.dataStart(), tensor)));
        }
        return new SafetensorsFile(header, tensors);
    }

    /** Tensor bytes that end as a zip archive make a file that two readers read differently. */
    private static void refuseArchive(ByteSource source) throws IOException {
        long at = source.size() - END_OF_DIRECTORY;
        if (at > 0 && source.read(at, END_OF_DIRECTORY).getInt() == END_SIGNATURE) {
            throw new MalformedFileException(
                    "a safetensors file that is a zip archive too", "byte " + at, "do not trust where it comes from");
        }
    }

    private static TensorView view(ByteSource source, long dataStart, SafetensorsTensor tensor) throws IOException {
        DType dtype = tensor.type()
                .dtype()
                .orElseThrow(() -> new UnsupportedFileException(
                        "element type " + tensor.type() + ", which PyTorch does not have", "tensor " + tensor.name()));
        ByteSource bytes = source.slice(tensor.name(), dataStart + tensor.begin(), tensor.end() - tensor.begin());
        Storage storage = new Storage(tensor.name(), bytes, ByteOrder.LITTLE_ENDIAN);
        long[] sizes = tensor.shape();
        if (dtype == DType.FLOAT4_E2M1FN_X2) {
            // The format counts 4-bit values, PyTorch the bytes that hold two of them.
            if (sizes.length == 0 || sizes[sizes.length - 1] % 2 != 0) {
                throw new UnsupportedFileException(
                        "a last dimension of 4-bit values that is odd, which PyTorch does not have",
                        "tensor " + tensor.name());
            }
            sizes[sizes.length - 1] /= 2;
        }
        return TensorView.of(storage, dtype, 0, sizes, Shape.contiguousStrides(sizes), "tensor " + tensor.name());
    }

    @Override
    public Container container() {
        return Container.SAFETENSORS;
    }

    @Override
    public List<PickledPart> parts() {
        return List.of();
    }

    @Override
    public List<NamedTensor> tensors() {
        return tensors;
    }

    @Override
    public Map<String, String> metadata() {
        return header.metadata();
    }
}
