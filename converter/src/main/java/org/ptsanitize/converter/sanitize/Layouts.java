package org.ptsanitize.converter.sanitize;

import java.util.Set;

/** The tensor layouts of PyTorch, by their text. */
final class Layouts {
    private static final Set<String> KNOWN = Set.of(
            "torch.strided",
            "torch.sparse_coo",
            "torch.sparse_csr",
            "torch.sparse_csc",
            "torch.sparse_bsr",
            "torch.sparse_bsc",
            "torch.jagged",
            "torch._mkldnn");

    private Layouts() {}

    static boolean isKnown(String text) {
        return KNOWN.contains(text);
    }
}
