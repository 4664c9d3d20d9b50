package org.ptsanitize.converter.sanitize;

import org.ptsanitize.formats.tensor.TensorView;

/** A tensor. Compared by identity, like the Python object it stands for. */
public final class TensorNode implements Node {
    private final TensorView view;
    private final boolean parameter;

    public TensorNode(TensorView view) {
        this(view, false);
    }

    /** @param parameter whether the tensor was an {@code nn.Parameter} */
    public TensorNode(TensorView view, boolean parameter) {
        this.view = view;
        this.parameter = parameter;
    }

    /** Whether the tensor was an {@code nn.Parameter}. */
    public boolean isParameter() {
        return parameter;
    }

    public TensorView view() {
        return view;
    }

    @Override
    public boolean holdsTensors() {
        return true;
    }
}
