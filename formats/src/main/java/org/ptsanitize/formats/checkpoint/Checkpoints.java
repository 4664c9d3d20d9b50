package org.ptsanitize.formats.checkpoint;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import org.ptsanitize.formats.bytes.Budget;
import org.ptsanitize.formats.bytes.ByteSource;
import org.ptsanitize.formats.bytes.NotACheckpointException;
import org.ptsanitize.formats.bytes.Scratch;
import org.ptsanitize.formats.pickle.Pickle;
import org.ptsanitize.formats.pickle.PickleMachine;

/** Opens a checkpoint of any kind. The first bytes decide what it is, never its name. */
public final class Checkpoints {
    private static final int HEAD = 512;
    private static final long MAX_SAFETENSORS_HEADER = 100_000_000;

    private Checkpoints() {}

    /**
     * Opens a checkpoint. The source stays the caller's to close, after the checkpoint.
     *
     * @throws NotACheckpointException if the bytes are of something else, which the message names
     */
    public static Checkpoint open(ByteSource source, Scratch scratch, Budget budget) throws IOException {
        ByteBuffer head = source.read(0, (int) Math.min(HEAD, source.size()));
        if (startsWith(head, 'P', 'K', 3, 4)) {
            return TorchZip.open(source, scratch, budget);
        }
        if (looksLikeSafetensors(head)) {
            return SafetensorsFile.open(source, budget);
        }
        NotACheckpointException other = Unrecognised.name(head, source.size());
        if (other != null) {
            throw other;
        }
        Pickle first = PickleMachine.read(source, 0, new Budget(budget.limits()));
        if (LegacyStream.isMagic(first.root())) {
            return LegacyStream.open(source, budget);
        }
        return BarePickle.open(source, budget);
    }

    private static boolean looksLikeSafetensors(ByteBuffer head) {
        if (head.limit() < 9) {
            return false;
        }
        long length = head.order(ByteOrder.LITTLE_ENDIAN).getLong(0);
        int first = head.get(8);
        // An absurd length in front of a '{' is a damaged safetensors file rather than anything else.
        return first == '{' && (length < 0 || length <= MAX_SAFETENSORS_HEADER || head.get(0) != (byte) 0x80)
                || length > 0 && length <= MAX_SAFETENSORS_HEADER && isJsonSpace(first);
    }

    private static boolean isJsonSpace(int b) {
        return b == ' ' || b == '\t' || b == '\n' || b == '\r';
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
