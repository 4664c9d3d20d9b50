package org.ptsanitize.converter.verify;

import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.ptsanitize.converter.naming.ViewKey;
import org.ptsanitize.converter.report.Escaped;
import org.ptsanitize.formats.tensor.TensorView;

/** Compares the tensors of two sides, pair by pair. */
final class TensorComparison {
    private final Pairing pairing;
    private final String original;
    private final String copy;
    private final ViewComparison views = new ViewComparison();
    private final TensorHash hash = new TensorHash();
    private final Map<ViewKey, ViewKey> compared = new HashMap<>();
    private final List<Difference> differences = new ArrayList<>();
    private long different;
    private long tensors;
    private long bytes;

    TensorComparison(Pairing pairing, String original, String copy) {
        this.pairing = pairing;
        this.original = original;
        this.copy = copy;
    }

    Verification compare(String from, List<String> notes) throws IOException {
        Map<String, Held> rights = pairing.right().byName();
        for (Map.Entry<String, Held> left : pairing.left().byName().entrySet()) {
            Held right = rights.get(left.getKey());
            if (right == null) {
                add(new Difference(
                        Difference.Kind.MISSING, left.getKey(), left.getValue().path(), "is not in " + copy, ""));
            } else {
                compare(left.getKey(), left.getValue(), right);
            }
        }
        List<String> allNotes = new ArrayList<>(notes);
        long more = extra(rights);
        if (more > 0) {
            allNotes.add(copy + ": has " + more + (more == 1 ? " name" : " names")
                    + " more of tensors that were compared under another");
        }
        return new Verification(original, copy, tensors, bytes, mapping(from), different, differences, allNotes);
    }

    /**
     * Tells of the tensors that only the copy has. A second name of a tensor that was compared is none: where an object
     * stands in several places, its tensors have one name in the original, and one for each place in a {@code .pt}.
     *
     * @return how many second names there are
     */
    private long extra(Map<String, Held> rights) {
        Map<String, Held> lefts = pairing.left().byName();
        Set<ViewKey> known = new HashSet<>();
        for (Map.Entry<String, Held> right : rights.entrySet()) {
            if (lefts.containsKey(right.getKey())) {
                right.getValue().view().ifPresent(view -> known.add(new ViewKey(view)));
            }
        }
        long names = 0;
        for (Map.Entry<String, Held> right : rights.entrySet()) {
            if (lefts.containsKey(right.getKey())) {
                continue;
            }
            boolean again = right.getValue()
                    .view()
                    .filter(view -> known.contains(new ViewKey(view)))
                    .isPresent();
            if (again) {
                names++;
            } else {
                add(new Difference(Difference.Kind.EXTRA, right.getKey(), "", "is not in " + original, ""));
            }
        }
        return names;
    }

    private String mapping(String from) {
        List<String> words = new ArrayList<>();
        if (!from.isEmpty()) {
            words.add("the part at '" + Escaped.text(from, 100) + "'");
        }
        if (!pairing.left().naming().isEmpty()) {
            words.add("names of the original " + pairing.left().naming());
        }
        if (!pairing.right().naming().isEmpty()) {
            words.add("names of the copy " + pairing.right().naming());
        }
        return String.join(", ", words);
    }

    private void compare(String name, Held left, Held given) throws IOException {
        tensors++;
        Held right = given;
        if (right.dtype() != left.dtype() && right.isFormOf(left) && isWhole(right)) {
            right = right.in(left);
        }
        Difference.Kind kind;
        String detail;
        if (left.dtype() != right.dtype()) {
            kind = Difference.Kind.DTYPE;
            detail = "is " + left.dtype().torchName() + " in " + original + " and "
                    + right.dtype().torchName() + " in " + copy;
        } else if (!left.shape().equals(right.shape())) {
            kind = Difference.Kind.SHAPE;
            detail = "has shape " + left.shape() + " in " + original + " and " + right.shape() + " in " + copy;
        } else if (!Attributes.same(left.composite(), right.composite())) {
            kind = Difference.Kind.ATTRIBUTES;
            detail = "is put together of its components in another way";
        } else {
            bytes += left.byteSize();
            compareBytes(name, left, right);
            return;
        }
        add(new Difference(kind, name, left.path(), detail, ""));
    }

    private static boolean isWhole(Held held) {
        return held.view()
                .filter(view -> view.elements() == 0 || view.isContiguous())
                .isPresent();
    }

    private void compareBytes(String name, Held left, Held right) throws IOException {
        TensorView found = right.view().orElseThrow();
        if (left.view().isEmpty()) {
            String digest = hash.of(found);
            if (!digest.equals(left.sha256())) {
                add(new Difference(
                        Difference.Kind.BYTES,
                        name,
                        left.path(),
                        "has SHA-256 " + digest + " in " + copy + ", " + left.sha256() + " expected",
                        ""));
            }
            return;
        }
        TensorView wanted = left.view().get();
        ViewKey key = new ViewKey(found);
        ViewKey before = compared.get(new ViewKey(wanted));
        if (before != null && before.equals(key)) {
            return;
        }
        Optional<ViewComparison.Mismatch> mismatch = views.first(wanted, found);
        if (mismatch.isEmpty()) {
            compared.put(new ViewKey(wanted), key);
            return;
        }
        String[] values = ElementText.values(
                left.dtype(), mismatch.get().left(), mismatch.get().right());
        String element = ElementText.index(mismatch.get().element(), left.sizes());
        add(new Difference(
                Difference.Kind.BYTES,
                name,
                left.path(),
                "is " + values[0] + " in " + original + " and " + values[1] + " in " + copy + " at element " + element,
                element));
    }

    private void add(Difference difference) {
        different++;
        if (differences.size() < Verification.KEPT) {
            differences.add(difference);
        }
    }
}
