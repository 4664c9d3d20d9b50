package org.ptsanitize.formats.checkpoint;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Optional;
import org.ptsanitize.formats.bytes.Budget;
import org.ptsanitize.formats.bytes.ByteSource;
import org.ptsanitize.formats.bytes.NotACheckpointException;
import org.ptsanitize.formats.bytes.Scratch;
import org.ptsanitize.formats.bytes.UnsupportedFileException;

/** Opens a checkpoint of any kind. The first bytes decide what it is, never its name. */
public final class Checkpoints {
    private Checkpoints() {}

    /**
     * Opens a checkpoint. The source stays the caller's to close, after the checkpoint.
     *
     * @throws NotACheckpointException if the bytes are of something else, which the message names
     */
    public static Checkpoint open(ByteSource source, Scratch scratch, Budget budget) throws IOException {
        return new Opening(scratch, budget, Optional.empty()).file(source);
    }

    /**
     * Opens one checkpoint of a file that holds several, as if it were a file of its own.
     *
     * @param member its name; those of archives in archives are joined by slashes
     * @throws UnsupportedFileException if there is no such member
     */
    public static Checkpoint openMember(ByteSource source, String member, Scratch scratch, Budget budget)
            throws IOException {
        return PickedMember.of(new Opening(scratch, budget, Optional.of(member)).file(source), member);
    }

    static boolean startsWith(ByteBuffer head, int... bytes) {
        if (head.limit() < bytes.length) {
            return false;
        }
        for (int i = 0; i < bytes.length; i++) {
            if (head.get(i) != (byte) bytes[i]) {
                return false;
            }
        }
        return true;
    }
}
