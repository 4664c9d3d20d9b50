package org.ptsanitize.formats.checkpoint;

import org.ptsanitize.formats.pickle.PickleValue.Global;
import org.ptsanitize.formats.tensor.TensorView;

/** What a persistent id stands for. */
public sealed interface PersistentObject
        permits StorageRef, PersistentObject.ModuleClass, PersistentObject.StoredTensor {
    /** A class derived from {@code nn.Module}, which the legacy formats save together with its source text. */
    record ModuleClass(Global global) implements PersistentObject {}

    /** A tensor that the container describes outside the pickle, as the 0.1 tar does. */
    record StoredTensor(StorageRef storage, TensorView view) implements PersistentObject {}
}
