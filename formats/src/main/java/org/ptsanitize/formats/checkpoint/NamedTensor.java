package org.ptsanitize.formats.checkpoint;

import org.ptsanitize.formats.tensor.TensorView;

/** A tensor that its container names. */
public record NamedTensor(String name, TensorView view) {}
