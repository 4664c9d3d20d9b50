package org.ptsanitize.converter.report;

import java.util.List;

/**
 * A tensor of an output, for reports.
 *
 * @param name its name in the output
 * @param path its path in the checkpoint
 * @param dtype element type in the output, as the output's format calls it
 * @param shape shape in the output
 * @param bytes bytes it takes
 * @param representation how it is written if not as it was; empty otherwise
 */
public record OutputTensor(
        String name, String path, String dtype, List<Long> shape, long bytes, String representation) {}
