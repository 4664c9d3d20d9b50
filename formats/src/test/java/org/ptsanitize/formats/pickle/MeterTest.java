package org.ptsanitize.formats.pickle;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.ptsanitize.formats.pickle.Pickles.bytes;
import static org.ptsanitize.formats.pickle.Pickles.u4;

import java.io.IOException;
import org.junit.jupiter.api.Test;
import org.ptsanitize.formats.bytes.Budget;
import org.ptsanitize.formats.bytes.Limit;
import org.ptsanitize.formats.bytes.LimitExceededException;
import org.ptsanitize.formats.bytes.Limits;
import org.ptsanitize.formats.bytes.MemorySource;

/** What a run pays, and where it can pay no more. */
class MeterTest {
    private static final String MEMORY_MESSAGE =
            "needs more than the limit of 100 bytes of values (a share of the maximum heap) (byte 7);"
                    + " raise --max-memory and the heap (PTSANITIZE_JAVA_OPTS=-Xmx\u2026) if you trust this file";

    private final Budget budget = new Budget(Limits.defaults().with(Limit.MEMORY, 100));
    private final Meter meter = new Meter(budget);

    private static final int R = Meter.REFERENCE;

    @Test
    void objectsAreLaidOutAsHotSpotDoes() {
        assertEquals(16, Meter.object(0, 4));
        assertEquals(24, Meter.object(0, 5));
        assertEquals(Meter.aligned(12 + 3 * R + 8), Meter.object(3, 8));
        assertEquals(16, Meter.array(0));
        assertEquals(16 + 4 * R, Meter.array(4));
        assertEquals(40, Meter.string(0));
        assertEquals(48, Meter.string(1));
        assertEquals(48, Meter.string(8));
        assertEquals(56, Meter.string(9));
    }

    @Test
    void heapCanBeTakenToTheLastByte() throws LimitExceededException {
        meter.begin(7);
        meter.take(60);
        meter.take(40);
        assertEquals(0, budget.left(Limit.MEMORY));
        assertEquals(
                MEMORY_MESSAGE,
                assertThrows(LimitExceededException.class, () -> meter.take(1)).getMessage());
    }

    @Test
    void heapThatIsGivenBackCanBeTakenAgain() throws LimitExceededException {
        meter.take(100);
        meter.release(30);
        meter.take(30);
        assertEquals(0, budget.left(Limit.MEMORY));
    }

    @Test
    void whatIsBorrowedComesBackWithTheNextOpcode() throws LimitExceededException {
        meter.begin(3);
        meter.borrow(40);
        meter.borrow(50);
        assertEquals(10, budget.left(Limit.MEMORY));
        meter.begin(7);
        assertEquals(100, budget.left(Limit.MEMORY));
        meter.begin(7);
        assertEquals(100, budget.left(Limit.MEMORY));
        assertEquals(
                MEMORY_MESSAGE,
                assertThrows(LimitExceededException.class, () -> meter.borrow(101))
                        .getMessage());
    }

    @Test
    void sizesUpToALimitPass() throws LimitExceededException {
        meter.begin(7);
        meter.check(Limit.INTEGER, 4300);
        assertEquals(
                "needs more than the limit of 4,300 bytes or digits in one integer (byte 7);"
                        + " raise --max-integer if you trust this file",
                assertThrows(LimitExceededException.class, () -> meter.check(Limit.INTEGER, 4301))
                        .getMessage());
    }

    @Test
    void everyOpcodeCostsOneStep() throws IOException {
        Limits three = Pickles.smallHeap().with(Limit.OPCODES, 3);
        Pickles.read(bytes("NN."), three);
        assertEquals(
                "needs more than the limit of 3 pickle opcodes (byte 3); raise --max-opcodes if you trust this file",
                assertThrows(LimitExceededException.class, () -> Pickles.read(bytes("NNN."), three))
                        .getMessage());
    }

    @Test
    void arraysGrowByHalfOrAsFarAsNeeded() throws LimitExceededException {
        meter.begin(7);
        assertEquals(1, meter.grown(0, 1));
        assertEquals(97, meter.grown(64, 65));
        assertEquals(200, meter.grown(64, 200));
        int largest = Integer.MAX_VALUE - 8;
        assertEquals(largest, meter.grown(largest - 1, largest));
        assertEquals(
                MEMORY_MESSAGE,
                assertThrows(LimitExceededException.class, () -> meter.grown(largest, largest + 1L))
                        .getMessage());
    }

    @Test
    void errorsNameTheOpcodesPosition() throws LimitExceededException {
        meter.begin(7);
        assertEquals(7, meter.offset());
        assertEquals("bad (byte 7)", meter.malformed("bad").getMessage());
        assertEquals("strange (byte 7)", meter.unsupported("strange").getMessage());
    }

    /** What a budget has paid for a pickle after its end. */
    private static long price(Object... parts) throws IOException {
        Budget budget = new Budget(Pickles.smallHeap());
        long before = budget.left(Limit.MEMORY);
        PickleMachine.read(MemorySource.of("test", bytes(parts)), 0, budget);
        return before - budget.left(Limit.MEMORY);
    }

    @Test
    void valuesThatAreSharedCostNothing() throws IOException {
        assertEquals(0, price("N."));
        assertEquals(0, price(Opcode.NEWTRUE, ")."));
        assertEquals(0, price("J", u4(-128), "."));
        assertEquals(0, price("M", 0xff, 3, "."));
    }

    @Test
    void valuesPayForTheirHeap() throws IOException {
        long integer = Meter.object(0, 8);
        assertEquals(integer, price("M", 0, 4, "."));
        assertEquals(integer, price("J", u4(-129), "."));
        assertEquals(integer, price("G", new byte[8], "."));
        long text = Meter.object(1, 0);
        assertEquals(text + Meter.string(9), price("X", u4(9), "model.emb."));
        assertEquals(text + Meter.string(2), price("X", u4(2), 0xc3, 0xa9, "."));
        assertEquals(text + Meter.string(18), price("Vmodel.emb\n."));
        long list = Meter.object(1, 0) + ValueBuffer.BYTES;
        assertEquals(list, price("]."));
        assertEquals(list + Meter.array(5), price("](NNNNNe."));
        assertEquals(list + Meter.array(5), price("(NNNNNl."));
        assertEquals(Meter.object(1, 0) + EntryBuffer.BYTES + Meter.array(6), price("(NNNNNNd."));
        assertEquals(Meter.object(1, 0) + Meter.array(2), price("NN", Opcode.TUPLE2, "."));
        assertEquals(Meter.object(1, 0) + EntryBuffer.BYTES + Meter.array(2), price("}NNs."));
        assertEquals(Meter.object(1, 1) + ValueBuffer.BYTES, price(Opcode.EMPTY_SET, "."));
        assertEquals(Meter.object(2, 0) + Meter.object(1, 16), price("C", 2, "ab."));
    }

    @Test
    void numbersOfAnyLengthPayForTheirDigits() throws IOException {
        long big = Meter.object(1, 0) + Meter.object(1, 20) + 16;
        assertEquals(big + Meter.aligned(8 + 4), price(Opcode.LONG1, 9, new byte[8], 1, "."));
        assertEquals(big + Meter.aligned(999 + 4), price(Opcode.LONG4, u4(1000), new byte[999], 127, "."));
    }

    @Test
    void textOfPython2PaysForItsBytesAndForEveryUseAsAName() throws IOException {
        long range = Meter.object(2, 0) + Meter.object(1, 16);
        long memory = Meter.object(2, 0) + 16;
        assertEquals(range + memory + 104, price("S'" + "x".repeat(100) + "'\n."));
        long once = price("Vm\nq", 0, "U", 4, "name", "q", 1, Opcode.STACK_GLOBAL, ".");
        long twice = price(
                "Vm\nq", 0, "U", 4, "name", "q", 1, Opcode.STACK_GLOBAL, "h", 0, "h", 1, Opcode.STACK_GLOBAL, ".");
        assertEquals(4, twice - once);
    }

    @Test
    void globalsPayForTheirNamesOnce() throws IOException {
        long global = price("c\n\n.");
        long names = Meter.string(2 * 20) + Meter.string(2 * 30) - 2 * Meter.string(0);
        String mention = "c" + "m".repeat(20) + "\n" + "n".repeat(30) + "\n";
        assertEquals(global + names, price(mention, "."));
        assertEquals(global + names, price(mention, mention, "."));
        assertEquals(2 * (global + names), price(mention, mention.replace('m', 'o'), "."));
    }

    @Test
    void callsAndPersistentIdsPayForThemselvesAndTheirPlaceInTheList() throws IOException {
        assertEquals(Meter.object(4, 8) + Meter.array(1), price("N)R."));
        assertEquals(2 * Meter.object(4, 8) + Meter.array(2), price("N)R)R."));
        assertEquals(Meter.object(1, 8) + Meter.array(1), price("NQ."));
    }

    /** The least memory with which a pickle can be read. */
    private static long peak(Object... parts) throws IOException {
        byte[] pickle = bytes(parts);
        long enough = 1 << 24;
        for (long step = enough / 2; step > 0; step /= 2) {
            try {
                Pickles.read(pickle, Limits.defaults().with(Limit.MEMORY, enough - step));
                enough -= step;
            } catch (LimitExceededException e) {
                assertEquals(Limit.MEMORY, e.limit());
            }
        }
        return enough;
    }

    @Test
    void whatAnOpcodeBorrowsHasToFit() throws IOException {
        long stack = Meter.array(64) + Meter.aligned(16 + 4 * 16);
        String line = "x".repeat(1000);
        assertEquals(stack + 5 * 1000 + price("V" + line + "\n."), peak("V" + line + "\n."));
        assertEquals(stack + 4 * 1002 + price("S'" + line + "'\n."), peak("S'" + line + "'\n."));
        assertEquals(
                stack + 2 * 5 * 1000 + price("c" + line + "\n" + line + "\n."), peak("c" + line + "\n" + line + "\n."));
    }

    @Test
    void aListThatGrowsGivesItsOldArrayBack() throws IOException {
        long list = Meter.object(1, 0) + ValueBuffer.BYTES;
        assertEquals(list + Meter.array(2), price("]NaNa."));
        assertEquals(list + Meter.array(4), price("]NaNaNa."));
        assertEquals(list + Meter.array(5), price("](NNNeNaNa."));
        assertEquals(list + Meter.array(4), price("](NNe(NNe."));
    }

    @Test
    void theStackAndTheMemoAreGivenBack() throws IOException {
        assertEquals(0, price("N".repeat(1000), "."));
        assertEquals(0, price("(".repeat(1000), "N."));
        assertEquals(0, price("N", "\u0094".repeat(3000), "."));
        assertEquals(0, price("Nr", u4(1 << 20), "."));
    }

    @Test
    void aRunNeedsNoMoreThanItsStackAndItsValues() throws IOException {
        long stack = Meter.array(64) + Meter.aligned(16 + 4 * 16);
        byte[] pickle = bytes("].");
        long needed = stack + Meter.object(1, 0) + ValueBuffer.BYTES;
        assertEquals(
                2,
                Pickles.read(pickle, Limits.defaults().with(Limit.MEMORY, needed))
                        .end());
        assertThrows(
                LimitExceededException.class,
                () -> Pickles.read(pickle, Limits.defaults().with(Limit.MEMORY, needed - 1)));
    }
}
