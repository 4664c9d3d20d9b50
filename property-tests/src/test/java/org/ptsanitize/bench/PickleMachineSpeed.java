package org.ptsanitize.bench;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import org.openjdk.jmh.annotations.AuxCounters;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.ptsanitize.formats.bytes.Budget;
import org.ptsanitize.formats.bytes.Limit;
import org.ptsanitize.formats.bytes.Limits;
import org.ptsanitize.formats.bytes.MemorySource;
import org.ptsanitize.formats.pickle.Pickle;
import org.ptsanitize.formats.pickle.PickleMachine;
import org.ptsanitize.formats.pickle.PickleWriter;

/** Opcodes that the pickle machine follows. */
@State(Scope.Benchmark)
public class PickleMachineSpeed {
    /** What the pickle holds. */
    public enum Content {
        /** A state dict of 100,000 tensors, as {@code torch.save} spells it. */
        STATE_DICT {
            @Override
            void write(ByteArrayOutputStream out) throws IOException {
                StatePickle.write(Tensors.small(100_000), false, out);
            }
        },
        /** A list of 500,000 tuples of two texts out of 1,000; every value is put into the memo. */
        MEMO {
            @Override
            void write(ByteArrayOutputStream out) throws IOException {
                PickleWriter pickle = new PickleWriter(out);
                pickle.proto();
                pickle.emptyList();
                pickle.mark();
                for (int i = 0; i < MEMO_TEXTS; i++) {
                    pickle.text("text" + i);
                    pickle.put(i);
                }
                for (int i = 0; i < 500_000; i++) {
                    pickle.get(i % MEMO_TEXTS);
                    pickle.get(i * 7 % MEMO_TEXTS);
                    pickle.tuple2();
                    pickle.put(MEMO_TEXTS + i);
                }
                pickle.appends();
                pickle.stop();
            }
        };

        abstract void write(ByteArrayOutputStream out) throws IOException;
    }

    /** Counted by JMH as so many a second. */
    @AuxCounters
    @State(Scope.Thread)
    public static class Count {
        public long opcodes;
    }

    private static final int MEMO_TEXTS = 1000;

    @Param
    public Content content;

    private MemorySource pickle;

    @Setup
    public void write() throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        content.write(out);
        pickle = MemorySource.of("pickle", out.toByteArray());
    }

    @Benchmark
    public Pickle read(Count count) throws IOException {
        Budget budget = new Budget(Limits.defaults());
        Pickle read = PickleMachine.read(pickle, 0, budget);
        count.opcodes += budget.limits().of(Limit.OPCODES) - budget.left(Limit.OPCODES);
        return read;
    }
}
