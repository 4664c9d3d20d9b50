package org.ptsanitize.formats.checkpoint;

import org.ptsanitize.formats.pickle.PickleValue.Global;

/** What a persistent id stands for. */
public sealed interface PersistentObject permits StorageRef, PersistentObject.ModuleClass {
    /** A class derived from {@code nn.Module}, which the legacy formats save together with its source text. */
    record ModuleClass(Global global) implements PersistentObject {}
}
