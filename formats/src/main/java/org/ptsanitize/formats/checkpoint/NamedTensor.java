package org.ptsanitize.formats.checkpoint;

import org.ptsanitize.formats.tensor.TensorView;

/**
 * A tensor that its container names.
 *
 * @param parameter whether the container says that it is an {@code nn.Parameter}
 */
public record NamedTensor(String name, TensorView view, boolean parameter) {
    public NamedTensor(String name, TensorView view) {
        this(name, view, false);
    }
}
