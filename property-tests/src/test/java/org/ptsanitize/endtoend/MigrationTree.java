package org.ptsanitize.endtoend;

import com.google.gson.JsonElement;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Random;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Stream;

/**
 * A folder of many checkpoints, made of the corpus: every family, hostile and broken files, and files that are none, in
 * folders of a few dozen. The same number gives the same tree.
 */
final class MigrationTree {
    private static final int FOLDER = 40;

    private final Path root;

    /** Each checkpoint's path from the root, and the file of the corpus it is a copy of. */
    private final SortedMap<String, Path> checkpoints = new TreeMap<>();

    private MigrationTree(Path root) {
        this.root = root;
    }

    static MigrationTree make(Path root, int files) throws IOException {
        MigrationTree tree = new MigrationTree(root);
        List<Path> good = corpus("specimens");
        List<Path> hostile = corpus("hostile");
        Random random = new Random(files);
        for (int i = 0; i < files; i++) {
            String folder = String.format(Locale.ROOT, "run%03d", i / FOLDER);
            Files.createDirectories(root.resolve(folder));
            switch (i % 10) {
                case 7 -> tree.add(folder, i, hostile.get(random.nextInt(hostile.size())));
                case 8 -> tree.addBroken(folder, i, good.get(random.nextInt(good.size())), random);
                case 9 -> Files.writeString(root.resolve(folder).resolve("log" + i + ".txt"), "epoch " + i + "\n");
                default -> tree.add(folder, i, good.get(i * 7 % good.size()));
            }
        }
        return tree;
    }

    private static List<Path> corpus(String folder) {
        List<Path> files = new ArrayList<>();
        for (JsonElement row : Corpus.manifest(folder)) {
            Path file = Corpus.FOLDER
                    .resolve(folder)
                    .resolve(row.getAsJsonObject().get("file").getAsString());
            if (Files.isRegularFile(file)) {
                files.add(file);
            }
        }
        return files;
    }

    private void add(String folder, int number, Path file) throws IOException {
        String name = String.valueOf(file.getFileName());
        String place = folder + "/c" + number + name.substring(name.indexOf('.'));
        Files.copy(file, root.resolve(place));
        checkpoints.put(place, file);
    }

    /** A copy that ends too early, and so is none or another checkpoint: under a name that says it is one. */
    private void addBroken(String folder, int number, Path file, Random random) throws IOException {
        byte[] bytes = Files.readAllBytes(file);
        Path broken = root.resolve(folder).resolve("b" + number + ".pt");
        Files.write(broken, java.util.Arrays.copyOf(bytes, 1 + random.nextInt(bytes.length)));
        checkpoints.put(folder + "/b" + number + ".pt", broken);
    }

    Path root() {
        return root;
    }

    Map<String, Path> checkpoints() {
        return checkpoints;
    }

    /** The files below a folder with their contents, but for what is the program's own. */
    static SortedMap<String, String> contents(Path folder) throws IOException {
        SortedMap<String, String> contents = new TreeMap<>();
        try (Stream<Path> files = Files.walk(folder)) {
            files.filter(file -> Files.isRegularFile(file) && !file.startsWith(folder.resolve(".ptsanitize")))
                    .forEach(file -> {
                        try {
                            contents.put(
                                    folder.relativize(file).toString(),
                                    new String(Files.readAllBytes(file), StandardCharsets.ISO_8859_1));
                        } catch (IOException e) {
                            throw new UncheckedIOException(e);
                        }
                    });
        }
        return contents;
    }
}
