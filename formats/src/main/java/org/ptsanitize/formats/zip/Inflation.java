package org.ptsanitize.formats.zip;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.WritableByteChannel;
import java.util.zip.DataFormatException;
import java.util.zip.Inflater;
import org.ptsanitize.formats.bytes.Budget;
import org.ptsanitize.formats.bytes.ByteSource;
import org.ptsanitize.formats.bytes.Limit;
import org.ptsanitize.formats.bytes.LimitExceededException;
import org.ptsanitize.formats.bytes.MalformedFileException;
import org.ptsanitize.formats.bytes.MemorySource;
import org.ptsanitize.formats.bytes.Scratch;

/** Unpacks a deflated member to exactly its declared size. */
final class Inflation {
    /** Members up to this size are unpacked into memory while the budget has it. */
    static final int LARGEST_IN_MEMORY = 16 << 20;

    /** No deflate stream unpacks to more than this multiple of itself. */
    private static final long DEFLATE_MAXIMUM = 1032;

    private static final int BLOCK = 1 << 16;

    private final ZipMember member;
    private final ByteSource packed;
    private final ByteBuffer input = ByteBuffer.allocateDirect(BLOCK).limit(0);
    private long taken;

    private Inflation(ZipMember member, ByteSource packed) {
        this.member = member;
        this.packed = packed;
    }

    static ByteSource of(ZipMember member, ByteSource packed, Scratch scratch, Budget budget) throws IOException {
        long factor = budget.limits().of(Limit.INFLATE);
        if (member.size() > Scratch.allowed(packed.size(), factor)) {
            throw new LimitExceededException(Limit.INFLATE, factor, "member " + member);
        }
        if (member.size() / DEFLATE_MAXIMUM > packed.size()) {
            throw malformed(member, "says it unpacks to " + member.size() + " bytes, more than deflate can");
        }
        Inflation inflation = new Inflation(member, packed);
        return member.size() <= LARGEST_IN_MEMORY && hasMemory(member, budget)
                ? inflation.intoMemory(budget)
                : inflation.intoScratch(scratch);
    }

    private static boolean hasMemory(ZipMember member, Budget budget) {
        try {
            budget.spend(Limit.MEMORY, member.size(), "member " + member);
            return true;
        } catch (LimitExceededException e) {
            return false;
        }
    }

    private ByteSource intoMemory(Budget budget) throws IOException {
        byte[] bytes = new byte[(int) member.size()];
        boolean done = false;
        try {
            ByteBuffer target = ByteBuffer.wrap(bytes);
            inflate(block -> target.put(block));
            done = true;
            return new Charged(MemorySource.of(member.name(), bytes), budget);
        } finally {
            if (!done) {
                budget.releaseMemory(bytes.length);
            }
        }
    }

    private ByteSource intoScratch(Scratch scratch) throws IOException {
        try (Scratch.ScratchSink sink = scratch.begin(member.name())) {
            inflate(sink::write);
            return sink.finish();
        }
    }

    /** Feeds the unpacked bytes, block by block, to a target. */
    private void inflate(Target target) throws IOException {
        Inflater inflater = new Inflater(true);
        try {
            ByteBuffer output = ByteBuffer.allocateDirect(BLOCK);
            long left = member.size();
            while (!inflater.finished()) {
                if (inflater.inflate(output.clear()) == 0 && !inflater.finished()) {
                    refill(inflater);
                }
                output.flip();
                if (output.remaining() > left) {
                    throw malformed(member, "unpacks to more than the declared " + member.size() + " bytes");
                }
                left -= output.remaining();
                target.accept(output);
            }
            checkEnd(left);
        } catch (DataFormatException e) {
            throw malformed(member, "has damaged deflate data");
        } finally {
            inflater.end();
        }
    }

    /** Gives more input to an inflater that has nothing more to give; it can say it needs input while it still has. */
    private void refill(Inflater inflater) throws IOException {
        if (inflater.needsDictionary()) {
            throw malformed(member, "has damaged deflate data");
        }
        if (taken == packed.size()) {
            throw malformed(member, "has deflate data that end too early");
        }
        input.clear().limit((int) Math.min(BLOCK, packed.size() - taken));
        packed.readFully(taken, input);
        taken += input.flip().remaining();
        inflater.setInput(input);
    }

    private void checkEnd(long left) throws MalformedFileException {
        if (left > 0) {
            throw malformed(
                    member, "unpacks to " + (member.size() - left) + " bytes, " + member.size() + " were declared");
        }
        long unused = packed.size() - taken + input.remaining();
        if (unused > 0) {
            throw malformed(member, "has " + unused + " bytes behind its deflate data");
        }
    }

    private static MalformedFileException malformed(ZipMember member, String problem) {
        return new MalformedFileException("member " + member + " " + problem, "byte " + member.dataOffset());
    }

    private interface Target {
        void accept(ByteBuffer block) throws IOException;
    }

    /** Bytes in memory that were taken from a budget and go back to it when the source is closed. */
    private static final class Charged implements ByteSource {
        private final ByteSource bytes;
        private final Budget budget;
        private boolean closed;

        Charged(ByteSource bytes, Budget budget) {
            this.bytes = bytes;
            this.budget = budget;
        }

        @Override
        public String name() {
            return bytes.name();
        }

        @Override
        public long size() {
            return bytes.size();
        }

        @Override
        public void readFully(long position, ByteBuffer target) throws IOException {
            bytes.readFully(position, target);
        }

        @Override
        public void transferTo(long position, long count, WritableByteChannel target) throws IOException {
            bytes.transferTo(position, count, target);
        }

        @Override
        public void close() {
            if (!closed) {
                closed = true;
                budget.releaseMemory(bytes.size());
            }
        }
    }
}
