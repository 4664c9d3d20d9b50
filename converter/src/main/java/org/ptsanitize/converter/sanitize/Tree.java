package org.ptsanitize.converter.sanitize;

import java.util.List;

/**
 * A checkpoint as data.
 *
 * @param root the value that the file holds
 * @param outside what hangs on modules and tensors without being in a {@code state_dict()}: only listed
 */
public record Tree(Node root, List<Outside> outside) {
    /** A value that is not part of the output, and its path. */
    public record Outside(String path, Node node) {}
}
