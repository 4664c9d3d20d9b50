package org.ptsanitize.converter.restore;

import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import org.ptsanitize.converter.sanitize.Node;

/**
 * What a safetensors file tells about the conversion that wrote it, so that the same file comes out again.
 *
 * @param from path of the tree in the checkpoint it was taken from
 * @param prefix path inside the tree that the names lack
 * @param dropped how many calls of which name had been dropped
 * @param names the name of each tensor in the file, by its node
 * @param texts the file's other metadata
 * @param restored whether there is such a file
 * @param nested whether it tells the tree, so that the paths are those of the checkpoint
 */
public record Origin(
        String from,
        String prefix,
        SortedMap<String, Long> dropped,
        Map<Node, String> names,
        SortedMap<String, String> texts,
        boolean restored,
        boolean nested) {
    /** Of anything that is no safetensors file. */
    public static final Origin NONE = new Origin("", "", new TreeMap<>(), Map.of(), new TreeMap<>(), false, false);

    /** The members of a checkpoint's metadata that are not ours, less the keys given. */
    static SortedMap<String, String> texts(Map<String, String> metadata, List<String> without) {
        SortedMap<String, String> texts = new TreeMap<>(metadata);
        texts.keySet().removeAll(without);
        texts.remove(Restorer.FORMAT_KEY);
        texts.remove(Restorer.TREE_KEY);
        return texts;
    }
}
