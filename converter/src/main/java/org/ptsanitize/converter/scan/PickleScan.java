package org.ptsanitize.converter.scan;

import java.io.IOException;
import java.nio.ByteBuffer;
import org.ptsanitize.formats.bytes.ByteSource;
import org.ptsanitize.formats.bytes.Limit;
import org.ptsanitize.formats.bytes.LimitExceededException;
import org.ptsanitize.formats.pickle.GlobalUse;
import org.ptsanitize.formats.pickle.PickleMachine;
import org.ptsanitize.formats.pickle.PickleTrace;
import org.ptsanitize.formats.pickle.PickleValue.Call;

/**
 * Follows the pickles in some bytes: the first, and whatever stands behind its STOP and is a pickle too. Nothing tells
 * where a pickle of an old protocol begins, so bytes without a protocol number are taken for one if they can be followed
 * to a STOP, or do something that no other bytes do by chance.
 */
final class PickleScan {
    private static final int PROTO = 0x80;
    private static final int HIGHEST_PROTOCOL = 5;

    private final Desk desk;
    private final NestedFiles nested;

    PickleScan(Desk desk, NestedFiles nested) {
        this.desk = desk;
        this.nested = nested;
    }

    /** What is done with the file inside a call that loads one. */
    interface NestedFiles {
        void scan(Call call, String part) throws IOException;
    }

    /** Whether bytes begin with the number of a protocol, as every pickle since 2003 does. */
    static boolean announces(ByteBuffer head) {
        return head.remaining() >= 2
                && (head.get(head.position()) & 0xff) == PROTO
                && (head.get(head.position() + 1) & 0xff) <= HIGHEST_PROTOCOL;
    }

    /** How sure it is that there is a pickle. */
    enum Trust {
        /** There must be one: if it cannot be followed, that is a problem. */
        EXPECTED,
        /** There is one if the bytes say so. */
        LIKELY,
        /** They are most likely something else: damage is no problem unless the pickle did something before. */
        GUESS
    }

    /**
     * Scans from {@code start} on.
     *
     * @return whether there is a pickle
     */
    boolean scan(ByteSource source, long start, String part, Trust trust) throws IOException {
        boolean certain = trust == Trust.EXPECTED || trust == Trust.LIKELY && announces(source, start);
        long at = one(source, start, part, certain);
        if (at < 0) {
            return certain;
        }
        while (at >= 0 && at < source.size()) {
            at = one(source, at, part, false);
        }
        return true;
    }

    private static boolean announces(ByteSource source, long at) throws IOException {
        return announces(source.read(at, (int) Math.min(2, source.size() - at)));
    }

    /** Follows the pickle at a position. Returns where it ends, or -1 if what follows cannot be told. */
    private long one(ByteSource source, long at, String part, boolean certain) throws IOException {
        long before = desk.budget().left(Limit.MEMORY);
        try {
            PickleTrace trace = trace(source, at, true);
            if (trace.failure().isPresent() && !certain && !isPickle(trace, source, at)) {
                return -1;
            }
            audit(trace, source, at, part);
            if (trace.globals().stream().anyMatch(PickleScan::isArrayWrapper)) {
                // Without joblib nothing skips the bytes of its arrays.
                PickleTrace plain = trace(source, at, false);
                audit(plain, source, at, part);
                trace = trace.failure().isPresent() ? plain : trace;
            }
            trace.failure().ifPresent(e -> desk.problem(part, e));
            return trace.failure().isPresent() ? -1 : trace.end();
        } finally {
            desk.budget().releaseMemory(before - desk.budget().left(Limit.MEMORY));
        }
    }

    /** Follows a pickle by its frames, and, if those lead nowhere, as if there were none; that they lied stays told. */
    private PickleTrace trace(ByteSource source, long at, boolean arrays) throws IOException {
        PickleTrace framed = PickleMachine.trace(source, at, desk.budget(), arrays, true);
        if (framed.failure().isEmpty()) {
            return framed;
        }
        PickleTrace free = PickleMachine.trace(source, at, desk.budget(), arrays, false);
        return free.end() <= framed.end()
                ? framed
                : new PickleTrace(
                        free.protocol(),
                        free.end(),
                        free.calls(),
                        free.persistentIds(),
                        free.globals(),
                        framed.failure());
    }

    private void audit(PickleTrace trace, ByteSource source, long start, String part) throws IOException {
        PickleAudit audit = new PickleAudit(desk.policy(), trace.calls(), trace.globals());
        audit.record(desk.findings(), part, source, start, trace.end());
        for (Call call : audit.nestedFiles()) {
            nested.scan(call, part);
        }
    }

    private static boolean isArrayWrapper(GlobalUse use) {
        return use.global().module().equals("joblib.numpy_pickle")
                && use.global().name().equals("NumpyArrayWrapper");
    }

    /** Whether bytes that cannot be followed are a pickle all the same: one too large, or one that ran something. */
    private static boolean isPickle(PickleTrace trace, ByteSource source, long at) throws IOException {
        boolean tooLarge = trace.failure().orElseThrow() instanceof LimitExceededException && announces(source, at);
        return tooLarge || !trace.calls().isEmpty() && trace.globals().stream().allMatch(PickleScan::isName);
    }

    /** Whether a global can be a name in Python, rather than a piece of any text. */
    private static boolean isName(GlobalUse use) {
        return use.global()
                .dotted()
                .codePoints()
                .allMatch(c -> c == '.' || c == '<' || c == '>' || Character.isUnicodeIdentifierPart(c));
    }
}
