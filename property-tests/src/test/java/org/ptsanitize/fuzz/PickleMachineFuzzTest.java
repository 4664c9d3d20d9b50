package org.ptsanitize.fuzz;

import com.code_intelligence.jazzer.junit.FuzzTest;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.params.provider.MethodSource;
import org.ptsanitize.formats.bytes.Budget;
import org.ptsanitize.formats.bytes.Limit;
import org.ptsanitize.formats.bytes.MemorySource;
import org.ptsanitize.formats.pickle.Pickle;
import org.ptsanitize.formats.pickle.PickleListing;
import org.ptsanitize.formats.pickle.PickleMachine;
import org.ptsanitize.formats.pickle.PickleValue;
import org.ptsanitize.formats.pickle.PickleValue.Global;

/** Any bytes are a pickle or an error; a pickle says the same to the machine, to the listing and to the writer. */
class PickleMachineFuzzTest {
    private static final Global JOBLIB_ARRAY = new Global("joblib.numpy_pickle", "NumpyArrayWrapper");

    static Stream<byte[]> seeds() {
        return Seeds.pickles(4096);
    }

    @MethodSource("seeds")
    @FuzzTest(maxDuration = "")
    void isAPickleOrAnError(byte[] bytes) throws IOException {
        MemorySource source = MemorySource.of("pickle", bytes);
        Budget budget = new Budget(Bounds.SMALL);
        Optional<Pickle> read = Bounds.read(() -> PickleMachine.read(source, 0, budget));
        if (read.isEmpty() || namesJoblib(read.get())) {
            Bounds.read(() -> PickleMachine.readWithArrays(source, 0, new Budget(Bounds.SMALL)));
        }
        if (read.isEmpty()) {
            return;
        }
        Pickle pickle = read.get();
        checkAgainstListing(pickle, source, budget);
        String shown = ValueSketch.of(pickle.root());
        if (!namesJoblib(pickle)) {
            Pickle withArrays = PickleMachine.readWithArrays(source, 0, new Budget(Bounds.SMALL));
            Bounds.same(shown, ValueSketch.of(withArrays.root()), "read with arrays");
        }
        Optional<byte[]> written = Rewriting.of(pickle.root());
        if (written.isPresent()) {
            Pickle again = PickleMachine.read(MemorySource.of("written", written.get()), 0, generous());
            Bounds.same(shown, ValueSketch.of(again.root()), "written and read again");
        }
    }

    private static boolean namesJoblib(Pickle pickle) {
        return pickle.globals().stream().anyMatch(use -> use.global().equals(JOBLIB_ARRAY));
    }

    private static Budget generous() {
        return new Budget(Bounds.SMALL.with(Limit.MEMORY, 64L << 20).with(Limit.OPCODES, 1_000_000));
    }

    /** The listing knows the opcodes, but neither stack nor memo. */
    private static void checkAgainstListing(Pickle pickle, MemorySource source, Budget spent) throws IOException {
        StringBuilder text = new StringBuilder();
        long end = PickleListing.write(source, 0, new Budget(Bounds.SMALL), text);
        Bounds.same(end, pickle.end(), "end of the listing");
        long opcodes = 0;
        List<Long> calls = new ArrayList<>();
        List<Long> ids = new ArrayList<>();
        long globals = 0;
        for (int at = 0; at < text.length(); at = text.indexOf("\n", at) + 1) {
            int colon = text.indexOf(": ", at);
            long offset = Long.parseLong(text, at, colon, 10);
            switch (opcode(text, colon + 2)) {
                case "INST" -> {
                    calls.add(offset);
                    globals++;
                }
                case "REDUCE", "NEWOBJ", "NEWOBJ_EX", "OBJ" -> calls.add(offset);
                case "PERSID", "BINPERSID" -> ids.add(offset);
                case "GLOBAL", "STACK_GLOBAL" -> globals++;
                default -> {}
            }
            opcodes++;
        }
        long left = spent.left(Limit.OPCODES);
        Bounds.same(Bounds.SMALL.of(Limit.OPCODES) - left, opcodes, "opcodes paid for");
        Bounds.same(calls, pickle.calls().stream().map(PickleValue.Call::offset).toList(), "calls");
        Bounds.same(
                ids,
                pickle.persistentIds().stream()
                        .map(PickleValue.PersistentId::offset)
                        .toList(),
                "persistent ids");
        Bounds.same(
                globals, pickle.globals().stream().mapToLong(use -> use.count()).sum(), "mentions of globals");
    }

    private static String opcode(StringBuilder text, int start) {
        int end = start;
        while (text.charAt(end) > ' ') {
            end++;
        }
        return text.substring(start, end);
    }
}
