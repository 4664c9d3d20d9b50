package org.ptsanitize.converter.inspect;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.ptsanitize.converter.report.EventLog;

/**
 * What is inside a checkpoint.
 *
 * @param input the file or folder
 * @param inputBytes the bytes of all files that were opened
 * @param container what kind of file it is, in words
 * @param writer who wrote it, if the file tells; else empty
 * @param stops why it cannot be converted as it is; empty if it can
 * @param damaged the parts that could not be read, each with its path and reason
 * @param prefix the part of every path that names lack; empty if none
 * @param root the tree; empty if the file could not be read that far
 * @param tensors the tensors, in the order of the file
 * @param outside tensors on modules that are not in their {@code state_dict()}; a conversion leaves them out by default
 * @param ties groups of names that are one tensor
 * @param globals the classes and functions it names, by class and name
 * @param log the calls it would make, and what a conversion would change or leave out
 */
public record Inspection(
        Path input,
        long inputBytes,
        String container,
        String writer,
        String stops,
        List<Damaged> damaged,
        String prefix,
        Optional<InspectedValue> root,
        List<InspectedTensor> tensors,
        List<InspectedTensor> outside,
        List<List<String>> ties,
        List<InspectedGlobal> globals,
        EventLog log) {
    /** A part that could not be read. */
    public record Damaged(String path, String problem) {}

    /** Tensors of one element type, and their bytes. */
    public record Total(long tensors, long bytes) {}

    /** Bytes of all tensors, each name counted. */
    public long tensorBytes() {
        return tensors.stream().mapToLong(InspectedTensor::bytes).reduce(0, Inspection::sum);
    }

    /** Bytes of the storages that the tensors lie in, each counted once. */
    public long storedBytes() {
        Map<Integer, Long> storages = new TreeMap<>();
        tensors.forEach(tensor -> storages.put(tensor.storage(), tensor.storageBytes()));
        return storages.values().stream().reduce(0L, Inspection::sum);
    }

    /** What there is of each element type, by its name. */
    public Map<String, Total> byDtype() {
        Map<String, Total> totals = new TreeMap<>();
        for (InspectedTensor tensor : tensors) {
            totals.merge(
                    tensor.dtype(),
                    new Total(1, tensor.bytes()),
                    (one, other) -> new Total(one.tensors + other.tensors, sum(one.bytes, other.bytes)));
        }
        return totals;
    }

    private static long sum(long one, long other) {
        return one > Long.MAX_VALUE - other ? Long.MAX_VALUE : one + other;
    }
}
