package org.ptsanitize.converter.restore;

import org.ptsanitize.converter.sanitize.Tree;

/** A tree and what its file tells about how it was written. */
public record Restored(Tree tree, Origin origin) {}
