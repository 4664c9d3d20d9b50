package org.ptsanitize.converter.report;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.ptsanitize.formats.checkpoint.Container;

/**
 * What a conversion did, or would do.
 *
 * @param input the file that was read
 * @param inputSize its bytes
 * @param container what kind of file it is
 * @param writer who wrote it, if the file tells; empty otherwise
 * @param output the file that was written
 * @param outputSize its bytes; 0 in a dry run
 * @param format {@code safetensors} or {@code pt}
 * @param tensors the tensors in it, in the order of the checkpoint
 * @param prefix the part of every path that was dropped from the names; empty if none
 * @param from the path that was selected; empty for the root
 * @param ties groups of names that are one tensor
 * @param aliases names left out because another holds the same tensor
 * @param narrower whether {@code --weights} would write less
 * @param needs what a reader needs, in words
 * @param verified whether the output was read back and compared
 * @param written whether there is an output: not in a dry run
 * @param log everything that was changed, left out or found
 */
public record Conversion(
        Path input,
        long inputSize,
        Container container,
        String writer,
        Path output,
        long outputSize,
        String format,
        List<OutputTensor> tensors,
        String prefix,
        String from,
        List<List<String>> ties,
        Map<String, String> aliases,
        boolean narrower,
        List<String> needs,
        boolean verified,
        boolean written,
        EventLog log) {
    /** Bytes of all tensors in the output. */
    public long tensorBytes() {
        return tensors.stream().mapToLong(OutputTensor::bytes).sum();
    }
}
