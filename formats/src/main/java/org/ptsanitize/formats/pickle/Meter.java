package org.ptsanitize.formats.pickle;

import org.ptsanitize.formats.bytes.Budget;
import org.ptsanitize.formats.bytes.FileFormatException;
import org.ptsanitize.formats.bytes.Limit;
import org.ptsanitize.formats.bytes.LimitExceededException;
import org.ptsanitize.formats.bytes.MalformedFileException;
import org.ptsanitize.formats.bytes.UnsupportedFileException;

/**
 * Pays for one run from its budget, and knows the opcode that is being paid for, so that every error names it. Heap is
 * estimated as HotSpot lays objects out, with compressed references below 32 GiB.
 */
final class Meter {
    /** Bytes of one reference. */
    static final int REFERENCE = Runtime.getRuntime().maxMemory() < 32L << 30 ? 4 : 8;

    private static final int LARGEST_ARRAY = Integer.MAX_VALUE - 8;

    private final Budget budget;
    private Opcode opcode = Opcode.STOP;
    private long offset;
    private long borrowed;

    Meter(Budget budget) {
        this.budget = budget;
    }

    /** Bytes of an object with some references and some bytes of other fields. */
    static long object(int references, int bytes) {
        return aligned(12 + (long) references * REFERENCE + bytes);
    }

    /** Bytes of an array of references. */
    static long array(long length) {
        return aligned(16 + length * REFERENCE);
    }

    /** Bytes of a string and its array of so many bytes. */
    static long string(long bytes) {
        return 24 + aligned(16 + bytes);
    }

    static long aligned(long bytes) {
        return (bytes + 7) & ~7L;
    }

    /** Pays for one opcode and returns what earlier opcodes borrowed. */
    void begin(long opcodeOffset) throws LimitExceededException {
        offset = opcodeOffset;
        if (borrowed != 0) {
            budget.releaseMemory(borrowed);
            borrowed = 0;
        }
        budget.spendOne(Limit.OPCODES, opcodeOffset);
    }

    void name(Opcode current) {
        opcode = current;
    }

    /** The opcode that is being followed. */
    Opcode opcode() {
        return opcode;
    }

    /** Its position in the source. */
    long offset() {
        return offset;
    }

    /** Pays for heap that is held from here on. */
    void take(long bytes) throws LimitExceededException {
        budget.spendMemory(bytes, offset);
    }

    void release(long bytes) {
        budget.releaseMemory(bytes);
    }

    /** Pays for heap that is held until the next opcode begins. */
    void borrow(long bytes) throws LimitExceededException {
        budget.spendMemory(bytes, offset);
        borrowed += bytes;
    }

    void check(Limit limit, long size) throws LimitExceededException {
        if (size > budget.limits().of(limit)) {
            budget.check(limit, size, "byte " + offset);
        }
    }

    /** The length to which an array of {@code length} grows to hold {@code needed} elements: by half, or just enough. */
    int grown(int length, long needed) throws LimitExceededException {
        if (needed > LARGEST_ARRAY) {
            throw new LimitExceededException(Limit.MEMORY, budget.limits().of(Limit.MEMORY), "byte " + offset);
        }
        return (int) Math.max(needed, Math.min(LARGEST_ARRAY, length + (length >> 1) + 1L));
    }

    MalformedFileException malformed(String problem) {
        return new MalformedFileException(problem, "byte " + offset);
    }

    FileFormatException unsupported(String problem) {
        return new UnsupportedFileException(problem, "byte " + offset);
    }
}
