package org.ptsanitize.docs;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * A Markdown page as its fenced blocks.
 *
 * @param name the file's name without its ending
 * @param blocks the blocks in the order of the page
 */
record Page(String name, List<Block> blocks) {
    private static final String FENCE = "```";

    /** A fenced block: its language, the line it begins at, and its text, each line ended. */
    record Block(String language, int line, String text) {}

    static Page read(Path file) throws IOException {
        List<Block> blocks = new ArrayList<>();
        StringBuilder text = new StringBuilder();
        String language = "";
        int from = 0;
        int number = 0;
        for (String line : Files.readAllLines(file)) {
            number++;
            if (from == 0 && line.startsWith(FENCE)) {
                language = line.substring(FENCE.length()).strip();
                from = number;
                text.setLength(0);
            } else if (from > 0 && line.equals(FENCE)) {
                blocks.add(new Block(language, from, text.toString()));
                from = 0;
            } else if (from > 0) {
                text.append(line).append('\n');
            }
        }
        if (from > 0) {
            throw new AssertionError(file + ": the block of line " + from + " has no end");
        }
        return new Page(file.getFileName().toString().replaceFirst("\\.md$", ""), blocks);
    }
}
