package org.ptsanitize.formats.pickle;

import org.ptsanitize.formats.pickle.PickleValue.Global;

/** A global that a pickle names, reachable from its result or not, with the byte offset of its first mention. */
public record GlobalUse(Global global, long firstOffset, long count) {}
