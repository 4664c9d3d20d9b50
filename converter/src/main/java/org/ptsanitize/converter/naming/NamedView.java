package org.ptsanitize.converter.naming;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.ptsanitize.converter.sanitize.CompositeTensor;
import org.ptsanitize.converter.sanitize.TensorNode;
import org.ptsanitize.formats.tensor.TensorView;

/**
 * One strided tensor under its name: a tensor of the checkpoint, or a component of one that has several.
 *
 * @param name its name in an output
 * @param path its path in the part of the checkpoint that counts
 * @param kind what it is a component of, such as {@code quantized}; empty if it is a tensor itself
 */
public record NamedView(String name, String path, TensorView view, String kind) {
    /** The tensors and the components of all others, in order. */
    public static List<NamedView> of(List<OutputNames.Named> named) {
        List<NamedView> views = new ArrayList<>(named.size());
        forEach(named, views::add);
        return views;
    }

    /** The same, without holding them. */
    public static void forEach(List<OutputNames.Named> named, Consumer<NamedView> action) {
        for (OutputNames.Named one : named) {
            String path = one.tensor().path();
            if (one.tensor().node() instanceof TensorNode tensor) {
                action.accept(new NamedView(one.name(), path, tensor.view(), ""));
            } else if (one.tensor().node() instanceof CompositeTensor composite) {
                for (CompositeTensor.Part part : composite.parts()) {
                    String suffix = part.suffix().isEmpty() ? "" : "." + part.suffix();
                    TensorView view = ((TensorNode) part.node()).view();
                    action.accept(new NamedView(
                            one.name() + suffix,
                            path + suffix,
                            view,
                            composite.kind().text()));
                }
            } else {
                throw new AssertionError(one.tensor().node().getClass());
            }
        }
    }
}
