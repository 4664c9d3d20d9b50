package org.ptsanitize.converter.naming;

import org.ptsanitize.formats.tensor.TensorView;

/** A view as a key: equal for the same storage, type, offset, shape, strides and bits. */
public final class ViewKey {
    private final TensorView view;

    public ViewKey(TensorView view) {
        this.view = view;
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof ViewKey key && key.view.isSameView(view);
    }

    @Override
    public int hashCode() {
        return view.viewHash();
    }
}
