package org.ptsanitize.formats.pickle;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.ptsanitize.formats.pickle.Pickles.bytes;
import static org.ptsanitize.formats.pickle.Pickles.u4;

import java.io.IOException;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.ptsanitize.formats.bytes.Budget;
import org.ptsanitize.formats.bytes.Limit;
import org.ptsanitize.formats.bytes.LimitExceededException;
import org.ptsanitize.formats.bytes.MemorySource;
import org.ptsanitize.formats.pickle.PickleValue.PyList;
import org.ptsanitize.formats.pickle.PickleValue.Tuple;

/** Pickles made to exhaust their reader end as an error that names a limit, or are small after all. */
class PickleBombsTest {
    private static final long ENDLESS = 1L << 34;
    private static final byte[] NOTHING = {};

    static Stream<Arguments> memoryBombs() {
        return Stream.of(
                bomb("values on the stack", NOTHING, always("N")),
                bomb("marks", NOTHING, always("(")),
                bomb("empty lists", NOTHING, always("]")),
                bomb("empty dicts", NOTHING, always("}0")),
                bomb("empty sets", NOTHING, i -> bytes(Opcode.EMPTY_SET)),
                bomb("lists of one", NOTHING, always("]Na0")),
                bomb("dicts of one", NOTHING, always("}NNs0")),
                bomb("one long list", bytes("]"), always("Na")),
                bomb("one long dict", bytes("}"), always("NNs")),
                bomb("one long set", bytes(Opcode.EMPTY_SET), i -> bytes("(N", Opcode.ADDITEMS)),
                bomb("one wide tuple", bytes("("), always("N")),
                bomb("small tuples", NOTHING, i -> bytes("N", Opcode.TUPLE1, "0")),
                bomb("nested tuples", bytes("N"), i -> bytes(Opcode.TUPLE1)),
                bomb("memoized values", bytes("N"), i -> bytes(Opcode.MEMOIZE)),
                bomb("dense memo entries", bytes("N"), i -> bytes("r", u4(i))),
                bomb("sparse memo entries", bytes("N"), i -> bytes("r", u4(Integer.reverse(i)))),
                bomb("spread memo entries", bytes("N"), i -> bytes("r", u4(1024L * i))),
                bomb("integers", NOTHING, i -> bytes("J", u4(i << 11), "0")),
                bomb("large integers", NOTHING, i -> bytes(Opcode.LONG1, 16, new byte[15], 1, "0")),
                bomb("floats", NOTHING, i -> bytes("G", new byte[8], "0")),
                bomb("short texts", NOTHING, i -> bytes("X", u4(4), latin(i), "0")),
                bomb("long texts", NOTHING, i -> LONG_TEXT),
                bomb("runs of bytes", NOTHING, i -> bytes("C", 0, "0")),
                bomb("quoted strings", NOTHING, always("S''\n0")),
                bomb("unicode lines", NOTHING, always("V\n0")),
                bomb("globals", NOTHING, i -> bytes("cm\n", latin(i), "\n0")),
                bomb("calls", bytes("N"), always(")R")),
                bomb("calls with states", NOTHING, always("N)RNb0")),
                bomb("states of one call", bytes("N)R"), always("Nb")),
                bomb("keyword calls", bytes("N"), i -> bytes("N)N", Opcode.NEWOBJ_EX, "0")),
                bomb("instances", NOTHING, always("(im\nn\n0")),
                bomb("persistent ids", bytes("N"), always("Q")));
    }

    private static final byte[] LONG_TEXT = bytes("X", u4(1 << 20), new byte[1 << 20], "0");

    private static Arguments bomb(String name, byte[] start, RepeatingSource.Unit unit) {
        return Arguments.of(name, new RepeatingSource(start, unit, ENDLESS));
    }

    private static RepeatingSource.Unit always(String opcodes) {
        byte[] bytes = bytes(opcodes.repeat(1000));
        return i -> bytes;
    }

    /** Four letters that differ for each number below 2^24. */
    private static byte[] latin(int i) {
        return new byte[] {
            (byte) ('0' + (i & 63)),
            (byte) ('0' + ((i >> 6) & 63)),
            (byte) ('0' + ((i >> 12) & 63)),
            (byte) ('0' + ((i >> 18) & 63))
        };
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("memoryBombs")
    void aBombEndsAtTheMemoryLimit(String name, RepeatingSource source) {
        Budget budget = new Budget(Pickles.smallHeap().with(Limit.MEMORY, 64 << 20));
        LimitExceededException error =
                assertThrows(LimitExceededException.class, () -> PickleMachine.read(source, 0, budget), name);
        assertEquals(Limit.MEMORY, error.limit());
    }

    static List<Arguments> opcodeBombs() {
        return List.of(
                bomb("nothing done", NOTHING, always("N0")),
                bomb("one memo entry", bytes("N"), always("q\0")),
                bomb("protocols", NOTHING, i -> bytes(Opcode.PROTO, 2)),
                bomb("empty frames", NOTHING, i -> bytes(Opcode.FRAME, Pickles.u8(0))),
                bomb("one global", NOTHING, always("cm\nn\n0")));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("opcodeBombs")
    void anEndlessPickleEndsAtTheOpcodeLimit(String name, RepeatingSource source) {
        Budget budget = new Budget(Pickles.smallHeap().with(Limit.OPCODES, 5_000_000));
        LimitExceededException error =
                assertThrows(LimitExceededException.class, () -> PickleMachine.read(source, 0, budget), name);
        assertEquals(Limit.OPCODES, error.limit());
    }

    @Test
    void theMessageOfTheOpcodeLimitSaysWhereAndWhatToDo() {
        Budget budget = new Budget(Pickles.smallHeap().with(Limit.OPCODES, 1000));
        RepeatingSource source = new RepeatingSource(NOTHING, i -> bytes("N"), ENDLESS);
        assertEquals(
                "needs more than the limit of 1,000 pickle opcodes (byte 1000);"
                        + " raise --max-opcodes if you trust this file",
                assertThrows(LimitExceededException.class, () -> PickleMachine.read(source, 0, budget))
                        .getMessage());
    }

    @Test
    void aMillionNestedListsAreAValue() throws IOException {
        int depth = 1_000_000;
        byte[] open = new byte[depth];
        Arrays.fill(open, (byte) ']');
        byte[] close = new byte[depth - 1];
        Arrays.fill(close, (byte) 'a');
        PickleValue value = Pickles.pickle(open, close, ".").root();
        int found = 1;
        for (PyList list = (PyList) value; list.size() > 0; list = (PyList) list.get(0)) {
            found++;
        }
        assertEquals(depth, found);
    }

    @Test
    void aValueSharedTwoToTheThirtyTimesIsHeldOnce() throws IOException {
        String laughs = "2\u0086".repeat(30);
        Tuple top = (Tuple) Pickles.pickle("]" + laughs + ".").root();
        assertEquals(top.get(0), top.get(1));
    }

    @Test
    void namesWithOneHashAreFoundFast() throws IOException {
        int names = 1 << 16;
        StringBuilder pickle = new StringBuilder();
        for (int i = 0; i < names; i++) {
            pickle.append("cm\n");
            for (int bit = 0; bit < 16; bit++) {
                pickle.append(((i >> bit) & 1) == 0 ? "Aa" : "BB");
            }
            pickle.append("\n0");
        }
        assertEquals(names, Pickles.pickle(pickle + "N.").globals().size());
    }

    @Test
    void whatARunNeededIsGivenBackToTheBudget() throws IOException {
        Budget budget = new Budget(Pickles.smallHeap().with(Limit.MEMORY, 1 << 20));
        byte[] pickle = bytes("N", "2\u0094".repeat(10_000), ".");
        for (int i = 0; i < 100; i++) {
            PickleMachine.read(MemorySource.of("test", pickle), 0, budget);
        }
        budget.spend(Limit.MEMORY, (1 << 20) - 10_000, "the rest");
    }
}
