package org.ptsanitize.converter.convert;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * The files that loaders take for one model: {@code BASE.safetensors}, or {@code BASE-00001-of-00003.safetensors} and so
 * on with {@code BASE.safetensors.index.json}. Parts of an older set beside a new one would be read in its place.
 */
public final class SameModel {
    private static final String ENDING = ".safetensors";

    private SameModel() {}

    /** Refuses a single file that would stand beside the index of a sharded set, which loaders would read instead. */
    public static void refuseIndex(Path output) throws IOException {
        Path name = output.getFileName();
        Path index = output.resolveSibling(name + ".index.json");
        if (String.valueOf(name).endsWith(ENDING) && Files.exists(index)) {
            throw other(index);
        }
    }

    private static FileAlreadyExistsException other(Path file) {
        return new FileAlreadyExistsException(
                file.toString(), null, "belongs to another set of files of this model; remove the set first");
    }

    /** Whether a file of this name is, or is a part of, the model whose files are called by a base. */
    public static boolean isPart(String base, String name) {
        return part(base).matcher(name).matches();
    }

    private static Pattern part(String base) {
        return Pattern.compile(
                Pattern.quote(base) + "(\\.safetensors(\\.index\\.json)?|-[0-9]{5}-of-[0-9]{5}\\.safetensors)");
    }

    /**
     * Refuses an output that would stand beside files of another set for the same model. They are not removed: that is
     * for their owner to decide.
     *
     * @param base name of the model's files without its endings
     * @param targets the files that are written, all in one folder
     */
    public static void refuseOthers(String base, List<Path> targets) throws IOException {
        Path parent = targets.get(0).toAbsolutePath().getParent();
        if (parent == null || !Files.isDirectory(parent)) {
            return;
        }
        Set<String> written = new HashSet<>();
        targets.forEach(target -> written.add(String.valueOf(target.getFileName())));
        Pattern part = part(base);
        try (DirectoryStream<Path> files = Files.newDirectoryStream(parent)) {
            for (Path file : files) {
                String name = String.valueOf(file.getFileName());
                if (part.matcher(name).matches() && !written.contains(name)) {
                    throw other(file);
                }
            }
        }
    }
}
