package org.ptsanitize.converter.sanitize;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.ptsanitize.formats.bytes.Budget;
import org.ptsanitize.formats.bytes.Limit;
import org.ptsanitize.formats.bytes.MalformedFileException;
import org.ptsanitize.formats.bytes.Printable;
import org.ptsanitize.formats.checkpoint.DistributedCheckpoint;
import org.ptsanitize.formats.checkpoint.DistributedCheckpoint.Item;
import org.ptsanitize.formats.checkpoint.DistributedCheckpoint.Piece;
import org.ptsanitize.formats.checkpoint.DistributedCheckpoint.Whole;
import org.ptsanitize.formats.tensor.TensorView;
import org.ptsanitize.formats.tensor.Tile;
import org.ptsanitize.formats.tensor.TiledSource;

/** Puts a distributed checkpoint together: pieces become tensors, flat names become mappings and lists again. */
final class Assembly {
    private static final int PLACES = 1_000_000;
    private static final int SLOT_BYTES = 120;

    private final Sanitizer sanitizer;
    private final Budget budget;
    private final List<Tree.Outside> outside = new ArrayList<>();

    Assembly(Sanitizer sanitizer, Budget budget) {
        this.sanitizer = sanitizer;
        this.budget = budget;
    }

    Tree assemble(DistributedCheckpoint checkpoint) throws IOException {
        Branch root = new Branch();
        for (Item item : checkpoint.items()) {
            place(root, item);
        }
        return new Tree(root.freeze(""), outside);
    }

    /** A mapping or list under construction: texts and numbers never mix. */
    private static final class Branch {
        private final Map<Object, Object> children = new LinkedHashMap<>();

        private Node freeze(String path) throws IOException {
            List<MapNode.Entry> entries = new ArrayList<>();
            @Nullable Node[] items = new Node[items(path)];
            for (Map.Entry<Object, Object> child : children.entrySet()) {
                String childPath = Names.join(path, child.getKey().toString());
                Node node =
                        child.getValue() instanceof Branch branch ? branch.freeze(childPath) : (Node) child.getValue();
                if (child.getKey() instanceof Integer place) {
                    items[place] = node;
                } else {
                    entries.add(MapNode.Entry.of((String) child.getKey(), node));
                }
            }
            if (items.length == 0) {
                return new MapNode(MapNode.Kind.DICT, entries);
            }
            List<Node> list = new ArrayList<>(items.length);
            for (Node item : items) {
                list.add(item == null ? Leaf.NONE : item);
            }
            return new ListNode(ListNode.Kind.LIST, list);
        }

        /** The length of the list this is; 0 for a mapping. */
        private int items(String path) throws MalformedFileException {
            int numbers = 0;
            int length = 0;
            for (Object key : children.keySet()) {
                if (key instanceof Integer place) {
                    numbers++;
                    length = Math.max(length, place + 1);
                }
            }
            if (numbers > 0 && numbers < children.size() || length > Math.max(PLACES, numbers)) {
                throw new MalformedFileException(
                        "the .metadata has both keys and places, or places far apart", Printable.quote(path));
            }
            return length;
        }
    }

    private void place(Branch root, Item item) throws IOException {
        Branch branch = root;
        budget.check(Limit.DEPTH, item.path().size(), item.name());
        for (Object key : item.path().subList(0, item.path().size() - 1)) {
            budget.spendMemory(SLOT_BYTES, 0);
            Object child = branch.children.computeIfAbsent(key, k -> new Branch());
            if (!(child instanceof Branch inner)) {
                throw taken(item);
            }
            branch = inner;
        }
        budget.spendMemory(SLOT_BYTES, 0);
        Node node = item.tensor().isPresent() ? tensor(item, item.tensor().get()) : value(item);
        if (branch.children.putIfAbsent(item.path().get(item.path().size() - 1), node) != null) {
            throw taken(item);
        }
    }

    private static MalformedFileException taken(Item item) {
        return new MalformedFileException(
                "the .metadata puts two values in the place of " + Printable.quote(item.name()));
    }

    private Node value(Item item) throws IOException {
        return root(item.pieces().get(0));
    }

    private Node root(Piece piece) throws IOException {
        Tree tree = sanitizer.sanitize(piece.archive());
        outside.addAll(tree.outside());
        return tree.root();
    }

    private Node tensor(Item item, Whole whole) throws IOException {
        List<Tile> tiles = new ArrayList<>();
        for (Piece piece : item.pieces()) {
            Node node = root(piece);
            if (item.pieces().size() == 1 && node instanceof CompositeTensor) {
                return node;
            }
            if (!(node instanceof TensorNode tensor)
                    || !Arrays.equals(tensor.view().sizes(), piece.sizes())
                    || tensor.view().dtype() != whole.dtype()) {
                throw new MalformedFileException(
                        "a piece that is not the " + whole.dtype().torchName() + " " + Arrays.toString(piece.sizes())
                                + " that the .metadata says",
                        Printable.quote(item.name()));
            }
            if (item.pieces().size() == 1 && Arrays.equals(piece.sizes(), whole.sizes())) {
                return tensor;
            }
            tiles.add(new Tile(piece.offsets(), tensor.view()));
        }
        TensorView view = TiledSource.of(Printable.quote(item.name()), whole.dtype(), whole.sizes(), tiles)
                .view(whole.dtype());
        return new TensorNode(view);
    }
}
