package org.ptsanitize.converter.sanitize;

import org.ptsanitize.formats.tensor.TensorView;

/** A tensor. Compared by identity, like the Python object it stands for. */
public final class TensorNode implements Node {
    private final TensorView view;

    public TensorNode(TensorView view) {
        this.view = view;
    }

    public TensorView view() {
        return view;
    }

    @Override
    public boolean holdsTensors() {
        return true;
    }
}
