package org.ptsanitize.formats.safetensors;

import java.io.IOException;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import org.ptsanitize.formats.bytes.Budget;
import org.ptsanitize.formats.bytes.ByteSource;
import org.ptsanitize.formats.bytes.MalformedFileException;
import org.ptsanitize.formats.bytes.UnsupportedFileException;

/**
 * What a safetensors file holds. Reading it proves that every byte of the data belongs to exactly one tensor and that
 * every tensor has exactly the bytes its type and shape need.
 *
 * <p>The rules are those of the reference implementation and stricter where that one tolerates what its specification
 * forbids or what two readers could understand differently: names given twice at any level, unknown fields, tensors
 * written as arrays, white space in front.
 */
public final class SafetensorsHeader {
    /** The largest header that the reference implementation reads, in bytes. */
    public static final long LARGEST = 100_000_000;

    /** The name that holds the metadata and can be no tensor's. */
    public static final String METADATA = "__metadata__";

    /** The bytes of the header's length in front of it. */
    static final int PREFIX = 8;

    private final HeldTensors tensors;
    private final SortedMap<String, String> metadata;
    private final long dataStart;

    private SafetensorsHeader(HeldTensors tensors, SortedMap<String, String> metadata, long dataStart) {
        this.tensors = tensors;
        this.metadata = Collections.unmodifiableSortedMap(metadata);
        this.dataStart = dataStart;
    }

    /**
     * Reads and checks the header of a file.
     *
     * @throws MalformedFileException if the file breaks a rule of the format
     * @throws UnsupportedFileException if a tensor has a type that is not known
     */
    public static SafetensorsHeader read(ByteSource source, Budget budget) throws IOException {
        long length = length(source);
        HeldTensors tensors = new HeldTensors(length, budget);
        SortedMap<String, String> metadata = new HeaderReader(source, length, budget, tensors).read();
        Coverage coverage = new Coverage();
        for (SafetensorsTensor tensor : tensors.byPosition()) {
            coverage.next(tensor);
        }
        coverage.end(source.size() - PREFIX - length);
        return new SafetensorsHeader(tensors, metadata, PREFIX + length);
    }

    /** Takes the tensors of a header one after the other. */
    @FunctionalInterface
    public interface Visitor {
        /** @param start where in the file the bytes of the tensor start */
        void visit(SafetensorsTensor tensor, long start) throws IOException;
    }

    /**
     * Reads and checks the header of a file by the same rules without holding its tensors, for whoever knows what they
     * have to be: it is the visitor that has to see that no name comes twice. The bytes of the tensors have to be in the
     * order of the header.
     *
     * @throws MalformedFileException if the file breaks a rule of the format, or the bytes are in another order
     * @throws UnsupportedFileException if a tensor has a type that is not known
     */
    public static void visit(ByteSource source, Budget budget, Visitor visitor) throws IOException {
        long length = length(source);
        long dataStart = PREFIX + length;
        Coverage coverage = new Coverage();
        HeaderReader.Target target = (tensor, offset) -> {
            coverage.next(tensor);
            visitor.visit(tensor, dataStart + tensor.begin());
        };
        new HeaderReader(source, length, budget, target).read();
        coverage.end(source.size() - dataStart);
    }

    /** The bytes of the header behind its length. */
    private static long length(ByteSource source) throws IOException {
        if (source.size() < PREFIX) {
            throw new MalformedFileException(
                    "a safetensors file of " + source.size() + " bytes, at least " + PREFIX + " expected");
        }
        long length = source.read(0, PREFIX).getLong(0);
        if (length < 0 || length > LARGEST) {
            throw new MalformedFileException(
                    "a safetensors header of " + Long.toUnsignedString(length) + " bytes, at most " + LARGEST
                            + " are allowed",
                    "byte 0");
        }
        if (length > source.size() - PREFIX) {
            throw new MalformedFileException(
                    "a safetensors header of " + length + " bytes, but only " + (source.size() - PREFIX) + " follow",
                    "byte 0");
        }
        if (length == 0 || source.read(PREFIX, 1).get(0) != '{') {
            throw new MalformedFileException("the safetensors header does not start with '{'", "byte " + PREFIX);
        }
        return length;
    }

    /** The tensors in the order of the header. */
    public List<SafetensorsTensor> tensors() {
        return tensors.inOrder();
    }

    public Optional<SafetensorsTensor> find(String name) {
        return tensors.find(name);
    }

    /** The metadata, sorted; empty if there is none. */
    public SortedMap<String, String> metadata() {
        return metadata;
    }

    /** Where in the file the data starts; positions of tensors count from there. */
    public long dataStart() {
        return dataStart;
    }

    /** The bytes of a tensor. */
    public ByteSource open(ByteSource source, SafetensorsTensor tensor) throws IOException {
        return source.slice(tensor.name(), dataStart + tensor.begin(), tensor.length());
    }
}
