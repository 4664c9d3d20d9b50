package org.ptsanitize.cli;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;
import org.ptsanitize.converter.inspect.InspectedTensor;
import org.ptsanitize.converter.inspect.InspectedValue;
import org.ptsanitize.converter.report.Escaped;
import org.ptsanitize.formats.bytes.Figures;

/** A checkpoint's tree as lines: folded below a depth, and behind so many entries of one container. */
final class TreeText {
    private static final int INLINE = 60;
    private static final int LONGEST_KEY = 100;

    private final Style style;
    private final int width;
    private final int depth;
    private final int entries;
    private final Consumer<String> out;
    private final List<Level> levels = new ArrayList<>();
    private final Set<InspectedValue> opened = new HashSet<>();

    /**
     * @param width columns of a line
     * @param depth levels that are unfolded
     * @param entries entries of one container that are shown
     */
    TreeText(Style style, int width, int depth, int entries, Consumer<String> out) {
        this.style = style;
        this.width = width;
        this.depth = depth;
        this.entries = entries;
        this.out = out;
    }

    /** A container whose entries are being printed. */
    private static final class Level {
        private final List<InspectedValue> children;
        private final int shown;
        private int next;

        Level(List<InspectedValue> children, int shown) {
            this.children = children;
            this.shown = shown;
        }

        boolean isLast() {
            return next == children.size();
        }
    }

    void print(InspectedValue root) {
        out.accept(line("", "", root));
        open(root);
        while (!levels.isEmpty()) {
            Level level = levels.get(levels.size() - 1);
            if (level.next < level.shown) {
                InspectedValue child = level.children.get(level.next++);
                String guide = guide();
                out.accept(line(guide, key(child.key()), child));
                open(child);
            } else {
                if (level.shown < level.children.size()) {
                    level.next = level.children.size();
                    out.accept(style.faint(guide() + "… " + more(level)));
                }
                levels.remove(levels.size() - 1);
            }
        }
    }

    private static String key(String key) {
        String text = Escaped.text(key, LONGEST_KEY);
        return text.isEmpty() ? "''" : text;
    }

    /** What the entries that are not shown come to. */
    private static String more(Level level) {
        long tensors = 0;
        long bytes = 0;
        for (InspectedValue child : level.children.subList(level.shown, level.children.size())) {
            tensors += child.tensors();
            bytes += child.bytes();
        }
        String what = Figures.grouped(level.children.size() - level.shown) + " more";
        return tensors == 0 ? what : what + ", " + content(tensors, bytes);
    }

    private static String content(long tensors, long bytes) {
        return Figures.count(tensors, "tensor") + ", " + Figures.size(bytes);
    }

    private void open(InspectedValue value) {
        List<InspectedValue> children = value.children();
        if (children.isEmpty() || levels.size() >= depth || !inline(value).isEmpty() || !opened.add(value)) {
            return;
        }
        // One line saved is not worth a line that says so.
        int shown = children.size() <= entries + 1 ? children.size() : entries;
        levels.add(new Level(children, shown));
    }

    private String guide() {
        StringBuilder guide = new StringBuilder();
        for (int i = 0; i < levels.size(); i++) {
            boolean last = levels.get(i).isLast();
            boolean own = i == levels.size() - 1;
            guide.append(own ? last ? "└─ " : "├─ " : last ? "   " : "│  ");
        }
        return guide.toString();
    }

    private String line(String guide, String key, InspectedValue value) {
        String description = description(value);
        int room = width - guide.length() - description.length() - 2;
        String shownKey = room >= 12 ? Table.shortened(key, room) : Table.shortened(key, 12);
        int left = width - guide.length() - shownKey.length() - (key.isEmpty() ? 0 : 2);
        return style.faint(guide)
                + style.name(shownKey)
                + (key.isEmpty() ? "" : "  ")
                + Table.shortened(description, Math.max(12, left));
    }

    private String description(InspectedValue value) {
        if (value.tensor().isPresent()) {
            InspectedTensor tensor = value.tensor().get();
            boolean part = tensor.storageBytes() > tensor.bytes();
            return tensor.dtype() + " " + tensor.shape() + "  " + Figures.size(tensor.bytes())
                    + (part ? " of " + Figures.size(tensor.storageBytes()) : "");
        }
        if (!value.isContainer()) {
            return value.text();
        }
        String inline = inline(value);
        if (!inline.isEmpty()) {
            return inline;
        }
        int size = value.children().size();
        return Escaped.text(value.type(), LONGEST_KEY) + ", " + Figures.grouped(size)
                + (size == 1 ? " entry" : " entries")
                + (value.tensors() == 0 ? "" : ", " + content(value.tensors(), value.bytes()))
                + (opened.contains(value) && size > 0 ? " (shown above)" : "");
    }

    /** A sequence of nothing but primitives as one text, cut; empty for anything else. */
    private static String inline(InspectedValue value) {
        boolean sequence = List.of("list", "tuple", "set", "frozenset", "deque", "torch.Size")
                .contains(value.type());
        if (!sequence) {
            return value.isContainer() && value.children().isEmpty() ? "{}" : "";
        }
        List<InspectedValue> items = value.children();
        StringBuilder text = new StringBuilder();
        for (int i = 0; i < items.size(); i++) {
            if (items.get(i).text().isEmpty()) {
                return "";
            }
            if (text.length() > INLINE) {
                text.append(", … ").append(Figures.grouped(items.size() - i)).append(" more");
                break;
            }
            text.append(i == 0 ? "" : ", ").append(items.get(i).text());
        }
        String brackets = value.type().equals("list") ? "[]" : value.type().equals("tuple") ? "()" : "";
        return brackets.isEmpty()
                ? value.type() + "([" + text + "])"
                : brackets.charAt(0) + text.toString() + brackets.charAt(1);
    }
}
