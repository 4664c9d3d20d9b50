package org.ptsanitize.formats.safetensors;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import org.ptsanitize.formats.bytes.ByteSink;
import org.ptsanitize.formats.bytes.MalformedFileException;
import org.ptsanitize.formats.bytes.Printable;
import org.ptsanitize.formats.bytes.UnsupportedFileException;
import org.ptsanitize.formats.tensor.Shape;

/**
 * Where everything lies in a safetensors file that is to be written: the order, positions and header that the reference
 * implementation would give the same tensors, except that metadata is sorted (there, its order changes from run to run).
 * After {@link #writeHeader} the bytes of {@link #tensors()} follow, in that order and without gaps.
 */
public final class SafetensorsLayout {
    private static final Comparator<SafetensorsEntry> REFERENCE_ORDER = Comparator.comparing(
                    SafetensorsEntry::type, Comparator.reverseOrder())
            .thenComparing(SafetensorsEntry::name, Utf8.BYTE_ORDER);

    private final SortedMap<String, String> metadata;
    private final List<SafetensorsTensor> tensors;
    private final int[] inputIndexes;
    private final long jsonLength;

    private SafetensorsLayout(
            SortedMap<String, String> metadata, List<SafetensorsTensor> tensors, int[] inputIndexes, long jsonLength) {
        this.metadata = metadata;
        this.tensors = Collections.unmodifiableList(tensors);
        this.inputIndexes = inputIndexes;
        this.jsonLength = jsonLength;
    }

    /**
     * Lays out a file.
     *
     * @param metadata may be empty, then the header has none
     * @throws IllegalArgumentException if a name cannot be written (given twice, {@code __metadata__}, an unpaired
     *     surrogate), or a tensor does not fill whole bytes
     * @throws MalformedFileException if a shape is negative or too large for 63 bits
     * @throws UnsupportedFileException if the header would be larger than readers accept
     */
    public static SafetensorsLayout of(Map<String, String> metadata, List<SafetensorsEntry> entries)
            throws IOException {
        checkNames(metadata, entries);
        Integer[] order = new Integer[entries.size()];
        Arrays.setAll(order, i -> i);
        Arrays.sort(order, Comparator.comparing(entries::get, REFERENCE_ORDER));
        List<SafetensorsTensor> tensors = new ArrayList<>(order.length);
        int[] inputIndexes = new int[order.length];
        long end = 0;
        for (int i = 0; i < order.length; i++) {
            inputIndexes[i] = order[i];
            SafetensorsTensor tensor = place(entries.get(order[i]), end);
            tensors.add(tensor);
            end = tensor.end();
        }
        SortedMap<String, String> sorted = new TreeMap<>(Utf8.BYTE_ORDER);
        sorted.putAll(metadata);
        long jsonLength = HeaderWriter.length(sorted, tensors);
        SafetensorsLayout layout = new SafetensorsLayout(sorted, tensors, inputIndexes, jsonLength);
        layout.checkHeaderSize();
        return layout;
    }

    private static void checkNames(Map<String, String> metadata, List<SafetensorsEntry> entries) {
        metadata.forEach((key, value) -> {
            checkEncodable(key);
            checkEncodable(value);
        });
        Set<String> names = new HashSet<>(entries.size() / 3 * 4 + 4);
        for (SafetensorsEntry entry : entries) {
            checkEncodable(entry.name());
            if (entry.name().equals(SafetensorsHeader.METADATA)) {
                throw new IllegalArgumentException("no tensor can be called " + SafetensorsHeader.METADATA);
            }
            if (!names.add(entry.name())) {
                throw new IllegalArgumentException("two tensors are called " + Printable.quote(entry.name()));
            }
        }
    }

    private static void checkEncodable(String text) {
        if (!Utf8.isEncodable(text)) {
            throw new IllegalArgumentException("unpaired surrogate in " + Printable.quote(text));
        }
    }

    private static SafetensorsTensor place(SafetensorsEntry entry, long begin) throws MalformedFileException {
        try {
            long bits = Math.multiplyExact(
                    Shape.elements(entry.sizes(), ""), entry.type().bits());
            if (bits % Byte.SIZE != 0) {
                throw new IllegalArgumentException(entry + " does not fill whole bytes");
            }
            long end = Math.addExact(begin, bits / Byte.SIZE);
            return new SafetensorsTensor(entry.name(), entry.type(), entry.sizes(), begin, end);
        } catch (MalformedFileException | ArithmeticException e) {
            throw new MalformedFileException(entry + " takes more than 63 bits can count");
        }
    }

    private void checkHeaderSize() throws IOException {
        if (paddedLength() > SafetensorsHeader.LARGEST) {
            throw new UnsupportedFileException(
                    "the safetensors header would take " + paddedLength() + " bytes, readers accept "
                            + SafetensorsHeader.LARGEST,
                    "",
                    metadata.isEmpty() ? "write a .pt file" : "use --metadata none");
        }
    }

    private long paddedLength() {
        return jsonLength + (-jsonLength & 7);
    }

    /** The tensors in the order of the file. */
    public List<SafetensorsTensor> tensors() {
        return tensors;
    }

    /** The place that a tensor of {@link #tensors()} had in the list this layout was made of. */
    public int inputIndex(int index) {
        return inputIndexes[index];
    }

    /** Where in the file the data starts. */
    public long dataStart() {
        return SafetensorsHeader.PREFIX + paddedLength();
    }

    /** The bytes of all tensors. */
    public long dataLength() {
        return tensors.isEmpty() ? 0 : tensors.get(tensors.size() - 1).end();
    }

    /** The bytes of the whole file. */
    public long fileSize() {
        return dataStart() + dataLength();
    }

    /** Writes everything in front of the data. */
    public void writeHeader(ByteSink out) throws IOException {
        HeaderWriter.write(out, metadata, tensors, paddedLength());
    }
}
