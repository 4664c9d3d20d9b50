package org.ptsanitize.formats.safetensors;

import java.io.IOException;
import java.util.AbstractList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import org.ptsanitize.formats.bytes.ByteSink;
import org.ptsanitize.formats.bytes.KeyTable;
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
    private final Places tensors;
    private final long jsonLength;

    private SafetensorsLayout(SortedMap<String, String> metadata, Places tensors) throws IOException {
        this.metadata = metadata;
        this.tensors = tensors;
        this.jsonLength = HeaderWriter.length(metadata, tensors);
    }

    /** The tensors in the order of the file, each made when it is asked for: there can be very many. */
    private static final class Places extends AbstractList<SafetensorsTensor> {
        private final List<SafetensorsEntry> entries;
        private final int[] inputIndexes;
        private final long[] ends;

        Places(List<SafetensorsEntry> entries) throws MalformedFileException {
            this.entries = entries;
            this.inputIndexes = order(entries);
            this.ends = new long[inputIndexes.length];
            long end = 0;
            for (int i = 0; i < ends.length; i++) {
                end = end(entries.get(inputIndexes[i]), end);
                ends[i] = end;
            }
        }

        @Override
        public SafetensorsTensor get(int index) {
            SafetensorsEntry entry = entries.get(inputIndexes[index]);
            long begin = index == 0 ? 0 : ends[index - 1];
            return new SafetensorsTensor(entry.name(), entry.type(), entry.sizes(), begin, ends[index]);
        }

        @Override
        public int size() {
            return ends.length;
        }
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
        List<SafetensorsEntry> own = List.copyOf(entries);
        checkNames(metadata, own);
        SortedMap<String, String> sorted = new TreeMap<>(Utf8.BYTE_ORDER);
        sorted.putAll(metadata);
        SafetensorsLayout layout = new SafetensorsLayout(sorted, new Places(own));
        layout.checkHeaderSize();
        return layout;
    }

    private static int[] order(List<SafetensorsEntry> entries) {
        Integer[] order = new Integer[entries.size()];
        Arrays.setAll(order, i -> i);
        Arrays.sort(order, Comparator.comparing(entries::get, REFERENCE_ORDER));
        int[] indexes = new int[order.length];
        Arrays.setAll(indexes, i -> order[i]);
        return indexes;
    }

    private static void checkNames(Map<String, String> metadata, List<SafetensorsEntry> entries) {
        metadata.forEach((key, value) -> {
            checkEncodable(key);
            checkEncodable(value);
        });
        KeyTable names = new KeyTable(entries.size(), i -> entries.get(i).name());
        for (int i = 0; i < entries.size(); i++) {
            String name = entries.get(i).name();
            checkEncodable(name);
            if (name.equals(SafetensorsHeader.METADATA)) {
                throw new IllegalArgumentException("no tensor can be called " + SafetensorsHeader.METADATA);
            }
            if (names.add(name, i) >= 0) {
                throw new IllegalArgumentException("two tensors are called " + Printable.quote(name));
            }
        }
    }

    private static void checkEncodable(String text) {
        if (!Utf8.isEncodable(text)) {
            throw new IllegalArgumentException("unpaired surrogate in " + Printable.quote(text));
        }
    }

    private static long end(SafetensorsEntry entry, long begin) throws MalformedFileException {
        try {
            long bits = Math.multiplyExact(
                    Shape.elements(entry.sizes(), ""), entry.type().bits());
            if (bits % Byte.SIZE != 0) {
                throw new IllegalArgumentException(entry + " does not fill whole bytes");
            }
            return Math.addExact(begin, bits / Byte.SIZE);
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
        return tensors.inputIndexes[index];
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
