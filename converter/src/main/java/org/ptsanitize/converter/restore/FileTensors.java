package org.ptsanitize.converter.restore;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.ptsanitize.formats.bytes.MalformedFileException;
import org.ptsanitize.formats.bytes.Printable;
import org.ptsanitize.formats.checkpoint.NamedTensor;
import org.ptsanitize.formats.tensor.Shape;
import org.ptsanitize.formats.tensor.TensorView;

/**
 * The tensors of a file by name. A name that the file's metadata maps to a tensor is an alias: it was left out because
 * the other name holds the same tensor.
 */
final class FileTensors {
    private final Map<String, TensorView> views = new LinkedHashMap<>();
    private final Map<String, String> aliases = new LinkedHashMap<>();
    private final Map<String, TensorView> left;

    /** The tensors, with the aliases that the metadata records. */
    FileTensors(List<NamedTensor> tensors, Map<String, String> metadata) {
        for (NamedTensor tensor : tensors) {
            views.put(tensor.name(), tensor.view());
        }
        for (Map.Entry<String, String> entry : metadata.entrySet()) {
            boolean ours =
                    entry.getKey().equals(Restorer.FORMAT_KEY) || entry.getKey().equals(Restorer.TREE_KEY);
            if (!ours && !views.containsKey(entry.getKey()) && views.containsKey(entry.getValue())) {
                aliases.put(entry.getKey(), entry.getValue());
            }
        }
        left = new LinkedHashMap<>();
    }

    /** The names that have no bytes of their own, each with the name that has. */
    Map<String, String> aliases() {
        return aliases;
    }

    /**
     * Makes of every tensor what it was. Nothing is taken yet.
     *
     * @param comparing whether tensors that are said to be one are compared; else they are believed to be
     */
    void apply(Facts facts, boolean comparing) throws IOException {
        for (Map.Entry<String, Facts.Form> form : facts.forms().entrySet()) {
            TensorView view = views.get(form.getKey());
            if (view == null) {
                throw unknown(form.getKey());
            }
            views.put(form.getKey(), formed(form.getKey(), view, form.getValue()));
        }
        Map<String, Integer> groups = new HashMap<>();
        for (int i = 0; i < facts.ties().size(); i++) {
            for (String name : facts.ties().get(i)) {
                if (groups.put(name, i) != null) {
                    throw contradiction(name, "is tied twice");
                }
            }
            tie(facts.ties().get(i), comparing);
        }
        for (Map.Entry<String, String> alias : aliases.entrySet()) {
            Integer group = groups.get(alias.getKey());
            if (group != null && !group.equals(groups.get(alias.getValue()))) {
                throw contradiction(alias.getKey(), "is tied to another tensor than it is an alias of");
            }
        }
    }

    private static TensorView formed(String name, TensorView view, Facts.Form form) throws MalformedFileException {
        long[] sizes = form.sizes();
        TensorView formed = TensorView.of(
                view.storage(), form.dtype(), 0, sizes.clone(), Shape.contiguousStrides(sizes), "tensor " + name);
        Representation wanted = Representation.of(formed);
        Representation found = Representation.of(view);
        if (wanted.type() != found.type()
                || !Arrays.equals(wanted.shape(), found.shape())
                || formed.byteSize() != view.byteSize()) {
            throw contradiction(
                    name,
                    "is " + found.type() + " " + Arrays.toString(found.shape()) + " and cannot have been "
                            + form.dtype().torchName() + " " + Arrays.toString(sizes));
        }
        return formed;
    }

    /** Gives the names of a group one view. Compared by their bytes, two different tensors never become one. */
    private void tie(List<String> group, boolean comparing) throws IOException {
        TensorView first = null;
        for (String name : group) {
            TensorView view = views.get(name);
            if (view == null) {
                if (!aliases.containsKey(name)) {
                    throw unknown(name);
                }
            } else if (first == null) {
                first = view;
            } else {
                boolean same = view.dtype() == first.dtype()
                        && Arrays.equals(view.sizes(), first.sizes())
                        && (!comparing
                                || SameBytes.in(
                                        view.storage().bytes(), first.storage().bytes()));
                if (!same) {
                    throw contradiction(name, "is another tensor than the one it is tied to");
                }
                views.put(name, first);
            }
        }
    }

    /** Starts handing out: from here on every name is given once. */
    FileTensors start() {
        left.putAll(views);
        for (Map.Entry<String, String> alias : aliases.entrySet()) {
            TensorView view = views.get(alias.getValue());
            if (view != null) {
                left.put(alias.getKey(), view);
            }
        }
        return this;
    }

    /** The tensor of a name, once. */
    TensorView take(String name) throws MalformedFileException {
        TensorView view = left.remove(name);
        if (view == null) {
            throw views.containsKey(name) || aliases.containsKey(name)
                    ? contradiction(name, "stands in the tree twice")
                    : unknown(name);
        }
        return view;
    }

    /** The tensor of a name once more, whoever else takes it. */
    TensorView again(String name) throws MalformedFileException {
        TensorView view = views.get(aliases.getOrDefault(name, name));
        if (view == null) {
            throw unknown(name);
        }
        return view;
    }

    /** The names not taken so far, in the order of the file. */
    List<String> left() {
        return new ArrayList<>(left.keySet());
    }

    private static MalformedFileException unknown(String name) {
        return new MalformedFileException(
                "it names the tensor " + Printable.quote(name) + ", which is not in the file");
    }

    private static MalformedFileException contradiction(String name, String problem) {
        return new MalformedFileException("tensor " + Printable.quote(name) + " " + problem);
    }
}
