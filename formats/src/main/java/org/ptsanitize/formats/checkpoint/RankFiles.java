package org.ptsanitize.formats.checkpoint;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.ptsanitize.formats.bytes.Budget;
import org.ptsanitize.formats.bytes.ByteSource;
import org.ptsanitize.formats.bytes.FileFormatException;
import org.ptsanitize.formats.bytes.Folder;
import org.ptsanitize.formats.bytes.Scratch;

/** Opens the files that the processes of a training run wrote, each a checkpoint of its own. */
final class RankFiles {
    private static final String ENDING = ".pt";

    private RankFiles() {}

    /** One file of a folder. */
    static Checkpoint open(Folder folder, String name, Scratch scratch, Budget budget) throws IOException {
        ByteSource source = folder.open(name);
        try {
            return Checkpoints.open(source, scratch, budget);
        } catch (FileFormatException e) {
            throw e.in(source.name());
        }
    }

    /** All {@code .pt} files of a folder, each under its name without the ending. */
    static List<Member> openAll(Folder folder, Scratch scratch, Budget budget) throws IOException {
        List<Member> members = new ArrayList<>();
        for (String name : folder.names()) {
            if (name.endsWith(ENDING)) {
                members.add(new Member(
                        name.substring(0, name.length() - ENDING.length()), open(folder, name, scratch, budget)));
            }
        }
        return members;
    }

    /** The text of a small file that names a folder, such as {@code latest}. */
    static String text(Folder folder, String name) throws IOException {
        ByteSource source = folder.open(name);
        int longest = 255;
        int length = (int) Math.min(source.size(), longest);
        return StandardCharsets.UTF_8.decode(source.read(0, length)).toString().strip();
    }
}
