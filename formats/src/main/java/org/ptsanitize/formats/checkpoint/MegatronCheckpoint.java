package org.ptsanitize.formats.checkpoint;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;
import org.ptsanitize.formats.bytes.Budget;
import org.ptsanitize.formats.bytes.Folder;
import org.ptsanitize.formats.bytes.MalformedFileException;
import org.ptsanitize.formats.bytes.Scratch;

/**
 * A folder that Megatron-LM wrote: {@code latest_checkpointed_iteration.txt} names {@code iter_0000010} or
 * {@code release}, and there each part of the parallel model has a folder {@code mp_rank_00} or {@code mp_rank_00_001}.
 * The files are read one by one; which tensors are pieces of which, and along which dimension, only the model's code
 * knows.
 */
final class MegatronCheckpoint {
    private static final String LATEST = "latest_checkpointed_iteration.txt";
    private static final Pattern RANK = Pattern.compile("mp_rank_[0-9]{2,4}(_[0-9]{3,4}){0,2}");
    private static final Pattern ITERATION = Pattern.compile("[0-9]{1,9}");

    private MegatronCheckpoint() {}

    static boolean isIn(Folder folder) {
        return folder.has(LATEST) || !ranks(folder).isEmpty();
    }

    private static List<String> ranks(Folder folder) {
        return folder.folderNames().stream()
                .filter(name -> RANK.matcher(name).matches())
                .toList();
    }

    /** Opens the folder of one iteration, or the latest of several. The folder stays the caller's to close. */
    static Checkpoint open(Folder folder, Scratch scratch, Budget budget) throws IOException {
        Folder iteration = ranks(folder).isEmpty() ? folder.folder(latest(folder)) : folder;
        if (DistributedCheckpoint.isIn(iteration)) {
            return DistributedCheckpoint.open(iteration, scratch, budget);
        }
        List<Member> members = new ArrayList<>();
        for (String rank : ranks(iteration)) {
            List<Member> files = RankFiles.openAll(iteration.folder(rank), scratch, budget);
            if (!files.isEmpty()) {
                members.add(new Member(rank, new Bundle(Container.MEGATRON, files, List.of())));
            }
        }
        if (members.isEmpty()) {
            throw new MalformedFileException(
                    "a Megatron-LM folder without a file in a folder mp_rank_00", "", "complete it");
        }
        List<String> notes = members.size() == 1
                ? List.of()
                : List.of(members.size() + " ranks of a parallel model, each under its own name;"
                        + " tensors that are split over ranks are not put together");
        return new Bundle(Container.MEGATRON, members, notes);
    }

    private static String latest(Folder folder) throws IOException {
        String text = RankFiles.text(folder, LATEST);
        if (ITERATION.matcher(text).matches()) {
            return String.format(Locale.ROOT, "iter_%07d", Integer.parseInt(text));
        }
        if (text.equals("release")) {
            return text;
        }
        throw new MalformedFileException(
                "neither an iteration nor 'release'", LATEST, "name the folder of the iteration");
    }
}
