package org.ptsanitize.formats.pickle;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.ptsanitize.formats.pickle.Pickles.bytes;
import static org.ptsanitize.formats.pickle.Pickles.pickle;
import static org.ptsanitize.formats.pickle.Pickles.show;
import static org.ptsanitize.formats.pickle.Pickles.u4;
import static org.ptsanitize.formats.pickle.Pickles.u8;

import java.io.IOException;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.ptsanitize.formats.bytes.Budget;
import org.ptsanitize.formats.bytes.ByteRange;
import org.ptsanitize.formats.bytes.FileFormatException;
import org.ptsanitize.formats.bytes.Limit;
import org.ptsanitize.formats.bytes.MalformedFileException;
import org.ptsanitize.formats.bytes.MemorySource;
import org.ptsanitize.formats.pickle.PickleValue.Bytes;
import org.ptsanitize.formats.pickle.PickleValue.Call;
import org.ptsanitize.formats.pickle.PickleValue.Global;

/** The arrays of joblib's files: what their wrapper says of them, and the bytes that follow it. */
class JoblibArrayTest {
    private static final String WRAPPER = "cjoblib.numpy_pickle\nNumpyArrayWrapper\n)\u0081";
    private static final byte[] ONE_ITEM = bytes("K", 1, Opcode.TUPLE1);

    /** A wrapper whose state is what some opcodes leave on the stack. */
    private static byte[] wrapper(Object... state) {
        return bytes(WRAPPER, bytes(state), "b");
    }

    /** A wrapper with a shape, a dtype and more entries of its state. */
    private static byte[] wrapper(byte[] shape, byte[] dtype, String more) {
        return wrapper("}(Vshape\n", shape, "Vdtype\n", dtype, more, "u");
    }

    /** A dtype that is called with a code, and keeps it. */
    private static byte[] dtype(String code) {
        return bytes("cnumpy\ndtype\nV" + code + "\n", Opcode.TUPLE1, "R");
    }

    /** The same with a state of so many items, all None but some. */
    private static byte[] dtype(String code, int items, Object... indexesAndOpcodes) {
        Object[] state = new Object[items];
        Arrays.fill(state, "N");
        for (int i = 0; i < indexesAndOpcodes.length; i += 2) {
            state[(Integer) indexesAndOpcodes[i]] = indexesAndOpcodes[i + 1];
        }
        return bytes(dtype(code), "(", bytes(state), "tb");
    }

    private static JoblibArray array(byte[] wrapper) throws IOException {
        Call call = (Call) pickle(wrapper, ".").root();
        assertTrue(JoblibArray.isWrapper(call));
        return JoblibArray.of(call, new Meter(new Budget(Pickles.smallHeap())));
    }

    private static String refusal(byte[] wrapper) {
        return assertThrows(MalformedFileException.class, () -> array(wrapper)).getMessage();
    }

    private static long itemSize(byte[] dtype) throws IOException {
        JoblibArray array = array(wrapper(ONE_ITEM, dtype, ""));
        assertFalse(array.objects());
        return array.length();
    }

    private static Pickle read(byte[] file) throws IOException {
        return PickleMachine.readWithArrays(MemorySource.of("test", file), 0, new Budget(Pickles.smallHeap()));
    }

    @Test
    void onlyTheResultOfJoblibsWrapperIsOne() throws IOException {
        assertFalse(JoblibArray.isWrapper(pickle("N.").root()));
        assertFalse(JoblibArray.isWrapper(pickle("N)R.").root()));
        assertFalse(JoblibArray.isWrapper(
                pickle("cjoblib.numpy_pickle\nNDArrayWrapper\n)R.").root()));
        assertFalse(
                JoblibArray.isWrapper(pickle("cnumpy\nNumpyArrayWrapper\n)R.").root()));
    }

    @Test
    void theLengthIsTheProductOfTheShapeAndTheItemSize() throws IOException {
        byte[] shape = bytes("K", 3, "K", 5, Opcode.TUPLE2);
        assertEquals(new JoblibArray(false, false, 120), array(wrapper(shape, dtype("f8"), "")));
        assertEquals(new JoblibArray(false, false, 8), array(wrapper(bytes(")"), dtype("f8"), "")));
        byte[] empty = bytes("K", 3, "K", 0, Opcode.TUPLE2);
        assertEquals(new JoblibArray(false, false, 0), array(wrapper(empty, dtype("f8"), "")));
    }

    @Test
    void anArrayIsAlignedIfItsWrapperSaysHow() throws IOException {
        String key = "Vnumpy_array_alignment_bytes\n";
        assertTrue(array(wrapper(ONE_ITEM, dtype("f8"), key + "K\u0010")).aligned());
        assertTrue(array(wrapper(ONE_ITEM, dtype("O8"), key + "K\u0010")).aligned());
        assertFalse(array(wrapper(ONE_ITEM, dtype("f8"), key + "N")).aligned());
        assertFalse(array(wrapper(ONE_ITEM, dtype("O8"), "")).aligned());
    }

    @Test
    void theLastOfEntriesWithOneNameCountsAndOtherKeysAreNoNames() throws IOException {
        byte[] two = bytes("K", 2, Opcode.TUPLE1);
        assertEquals(
                16,
                array(wrapper("}(Vshape\n)NNVshape\n", two, "S'shape'\nNVdtype\n", dtype("f8"), "u"))
                        .length());
    }

    @ParameterizedTest
    @CsvSource({"f8, 8", "<f8, 8", ">i4, 4", "=u2, 2", "|V12345678, 12345678", "S0, 0", "b1, 1"})
    void theItemSizeIsTheNumberInTheCode(String code, long size) throws IOException {
        assertEquals(size, itemSize(dtype(code)));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "f", "?1", "M8[ns]", "V123456789", "ff8", "<<f8"})
    void aCodeWithoutASizeIsMalformed(String code) {
        assertEquals("a joblib array with an unknown dtype (byte 0)", refusal(wrapper(ONE_ITEM, dtype(code), "")));
    }

    @Test
    void theItemSizeOfTheStateComesFirst() throws IOException {
        byte[] five = bytes("K", 5);
        byte[] nine = bytes("K", 9);
        assertEquals(5, itemSize(dtype("V8", 5, 3, five, 4, nine)));
        assertEquals(5, itemSize(dtype("V8", 6, 4, five, 3, nine, 5, nine)));
        assertEquals(5, itemSize(dtype("V8", 7, 5, five, 3, nine, 4, nine)));
        assertEquals(5, itemSize(dtype("V8", 8, 5, five)));
        assertEquals(5, itemSize(dtype("V8", 9, 5, five)));
        assertEquals(0, itemSize(dtype("V8", 8, 5, bytes("K", 0))));
        assertEquals(1 << 28, itemSize(dtype("V8", 8, 5, bytes("J", u4(1 << 28)))));
    }

    @Test
    void aStateWithoutAnItemSizeLeavesTheCode() throws IOException {
        assertEquals(8, itemSize(dtype("V8", 4, 3, bytes("K", 5))));
        assertEquals(8, itemSize(dtype("V8", 8)));
        assertEquals(8, itemSize(dtype("V8", 8, 5, bytes("J", u4(-1)))));
        assertEquals(8, itemSize(dtype("V8", 8, 5, bytes("J", u4((1 << 28) + 1)))));
        assertEquals(8, itemSize(bytes(dtype("V8"), "]b")));
    }

    @Test
    void anArrayHoldsObjectsByItsCodeOrItsFlags() throws IOException {
        assertEquals(new JoblibArray(true, false, 0), array(wrapper(ONE_ITEM, dtype("O"), "")));
        assertEquals(new JoblibArray(true, false, 0), array(wrapper(ONE_ITEM, dtype("O8"), "")));
        for (int flags : List.of(1, 63)) {
            assertTrue(array(wrapper(ONE_ITEM, dtype("V8", 8, 7, bytes("K", flags)), ""))
                    .objects());
            assertTrue(array(wrapper(ONE_ITEM, dtype("V8", 9, 7, bytes("K", flags)), ""))
                    .objects());
        }
        assertEquals(8, itemSize(dtype("V8", 8, 7, bytes("K", 62))));
        assertEquals(8, itemSize(dtype("V8", 8, 6, bytes("K", 1))));
        assertEquals(8, itemSize(dtype("V8", 7, 6, bytes("K", 1))));
    }

    @Test
    void aCodeCanBeTextOfPython2() throws IOException {
        assertEquals(8, itemSize(bytes("cnumpy\ndtype\nS'f8'\n", Opcode.TUPLE1, "R")));
        byte[] longest = bytes("cnumpy\ndtype\nU", 63, "O".repeat(63), Opcode.TUPLE1, "R");
        assertTrue(array(wrapper(ONE_ITEM, longest, "")).objects());
        byte[] longer = bytes("cnumpy\ndtype\nU", 64, "O".repeat(64), Opcode.TUPLE1, "R");
        assertEquals("a joblib array with an unknown dtype (byte 0)", refusal(wrapper(ONE_ITEM, longer, "")));
    }

    @ParameterizedTest
    @ValueSource(strings = {")", "]", "K\u0008\u0085"})
    void aDtypeThatIsNotCalledWithACodeIsMalformed(String arguments) {
        assertEquals(
                "a joblib array with an unknown dtype (byte 0)",
                refusal(wrapper(ONE_ITEM, bytes("cnumpy\ndtype\n" + arguments + "R"), "")));
    }

    @Test
    void aWrapperWithoutAShapeAndADtypeIsMalformed() {
        String message = "a joblib array without a shape and a dtype (byte 0)";
        assertEquals(message, refusal(bytes(WRAPPER)));
        assertEquals(message, refusal(wrapper("N")));
        assertEquals(message, refusal(wrapper("}")));
        assertEquals(message, refusal(wrapper("}(Vshape\n", ONE_ITEM, "u")));
        assertEquals(message, refusal(wrapper("}(Vdtype\n", dtype("f8"), "u")));
        assertEquals(message, refusal(wrapper(bytes("]"), dtype("f8"), "")));
        assertEquals(message, refusal(wrapper(ONE_ITEM, bytes("N"), "")));
        assertEquals(message, refusal(wrapper(ONE_ITEM, bytes("cnumpy\ndtypes\nVf8\n", Opcode.TUPLE1, "R"), "")));
        assertEquals(message, refusal(bytes(wrapper(ONE_ITEM, dtype("f8"), ""), "}b")));
    }

    @Test
    void aShapeOfAnythingButSizesIsMalformed() {
        String message = "a joblib array with a damaged shape (byte 0)";
        assertEquals(message, refusal(wrapper(bytes("N", Opcode.TUPLE1), dtype("f8"), "")));
        assertEquals(message, refusal(wrapper(bytes("J", u4(-1), Opcode.TUPLE1), dtype("f8"), "")));
        assertEquals(message, refusal(wrapper(bytes("J", u4(-1), Opcode.TUPLE1), dtype("O8"), "")));
    }

    @Test
    void aSizeOfMoreThan63BitsIsMalformed() throws IOException {
        String message = "a joblib array whose size overflows 64 bits (byte 0)";
        byte[] most = bytes(Opcode.LONG1, 8, u8(Long.MAX_VALUE), Opcode.TUPLE1);
        assertEquals(Long.MAX_VALUE, array(wrapper(most, dtype("i1"), "")).length());
        assertEquals(message, refusal(wrapper(most, dtype("i2"), "")));
        byte[] product = bytes(Opcode.LONG1, 8, u8(Long.MAX_VALUE), "K", 2, Opcode.TUPLE2);
        assertEquals(message, refusal(wrapper(product, dtype("i1"), "")));
    }

    @Test
    void theBytesBehindTheWrapperBecomeItsState() throws IOException {
        byte[] wrapper = wrapper(bytes("K", 3, Opcode.TUPLE1), dtype("i2"), "");
        MemorySource source = MemorySource.of("test", bytes("]", wrapper, "......a."));
        Pickle pickle = PickleMachine.readWithArrays(source, 0, new Budget(Pickles.smallHeap()));
        Call array = pickle.calls().get(0);
        assertEquals(2, array.states().size());
        assertEquals(
                new ByteRange(source, 1 + wrapper.length, 6),
                ((Bytes) array.states().get(1)).range());
        assertEquals(PickleValue.BytesKind.BYTES, ((Bytes) array.states().get(1)).kind());
        assertEquals(source.size(), pickle.end());
    }

    @Test
    void thePaddingOfAnAlignedArrayIsPassed() throws IOException {
        byte[] wrapper = wrapper(ONE_ITEM, dtype("i2"), "Vnumpy_array_alignment_bytes\nK\u0010");
        Pickle pickle = read(bytes(wrapper, 3, "pppab."));
        assertEquals("BYTES'ab'", show(pickle.calls().get(0).states().get(1)));
        assertEquals(
                "BYTES'ab'",
                show(read(bytes(wrapper, 0, "ab.")).calls().get(0).states().get(1)));
    }

    @Test
    void anArrayOfObjectsIsAPickleInThatPlace() throws IOException {
        byte[] wrapper = wrapper(ONE_ITEM, dtype("O8"), "");
        byte[] inner = bytes(Opcode.PROTO, 4, "]Vid\nQacm\nf\n)Ra.");
        Pickle pickle = read(bytes(wrapper, inner, "K", 7, Opcode.TUPLE2, "."));
        int at = wrapper.length;
        String value = "[id@" + (at + 7) + " 'id', REDUCE@" + (at + 15) + " <m f>()]";
        Call array = pickle.calls().stream()
                .filter(JoblibArray::isWrapper)
                .findFirst()
                .orElseThrow();
        assertEquals(value, show(array.states().get(1)));
        assertEquals(1, pickle.persistentIds().size());
        assertEquals("REDUCE@" + (at + 15) + " <m f>()", show(pickle.calls().get(2)));
        assertEquals(3, pickle.calls().size());
        assertTrue(pickle.globals().stream().anyMatch(use -> use.global().equals(new Global("m", "f"))));
        assertEquals(0, pickle.protocol());
    }

    @Test
    void withoutArraysTheBytesAreOpcodes() throws IOException {
        byte[] file = bytes(wrapper(ONE_ITEM, dtype("i2"), ""), 0xff, 0xff, ".");
        assertEquals(file.length, read(file).end());
        assertEquals(
                "byte 0xff is not an opcode (byte " + (file.length - 3) + ")",
                assertThrows(FileFormatException.class, () -> Pickles.read(file, Pickles.smallHeap()))
                        .getMessage());
    }

    @Test
    void anArrayStandsBehindTheFrameOfItsWrapper() throws IOException {
        byte[] wrapper = wrapper(ONE_ITEM, dtype("i2"), "");
        byte[] file = bytes(Opcode.FRAME, u8(wrapper.length), wrapper, "ab.");
        assertEquals(file.length, read(file).end());
        byte[] inside = bytes(Opcode.FRAME, u8(wrapper.length + 1), wrapper, "ab.");
        assertEquals(
                "raw bytes inside a frame that ends at byte " + (wrapper.length + 10) + " (byte " + (wrapper.length + 8)
                        + ")",
                assertThrows(FileFormatException.class, () -> read(inside)).getMessage());
    }

    @Test
    void anArrayLongerThanTheFileIsMalformed() {
        byte[] wrapper = wrapper(ONE_ITEM, dtype("i2"), "");
        assertEquals(
                "truncated: BUILD needs 2 bytes at byte " + wrapper.length + ", the data ends at byte "
                        + (wrapper.length + 1) + " (byte " + (wrapper.length - 1) + ")",
                assertThrows(FileFormatException.class, () -> read(bytes(wrapper, "a")))
                        .getMessage());
    }

    @Test
    void aTraceKeepsWhatAPickleInTheArraysPlaceDidBeforeItFailed() throws IOException {
        byte[] wrapper = wrapper(ONE_ITEM, dtype("O8"), "");
        byte[] file = bytes(wrapper, "cm\nf\n)RNQ", 0xff);
        PickleTrace trace =
                PickleMachine.trace(MemorySource.of("test", file), 0, new Budget(Pickles.smallHeap()), true, true);
        assertEquals(
                "byte 0xff is not an opcode (byte " + (file.length - 1) + ")",
                trace.failure().orElseThrow().getMessage());
        assertEquals(3, trace.calls().size());
        assertEquals(1, trace.persistentIds().size());
        assertEquals(
                new Global("m", "f"),
                trace.globals().get(trace.globals().size() - 1).global());
    }

    @Test
    void aTraceEndsWhereFollowingEnded() throws IOException {
        PickleTrace whole = trace(bytes("cm\nf\n)R.rest"), true);
        assertEquals(8, whole.end());
        assertTrue(whole.failure().isEmpty());
        assertEquals("REDUCE@6 <m f>()", show(whole.calls().get(0)));
        assertEquals(
                "STOP needs more values than the stack holds (byte 0)",
                trace(bytes("."), true).failure().orElseThrow().getMessage());
    }

    @Test
    void aTraceWithoutFramesPassesOneThatIsTooLong() throws IOException {
        byte[] file = bytes(Opcode.FRAME, u8(3), "N.N");
        assertTrue(trace(file, false).failure().isEmpty());
        assertEquals(
                "STOP inside a frame that ends at byte 12 (byte 10)",
                trace(file, true).failure().orElseThrow().getMessage());
    }

    private static PickleTrace trace(byte[] file, boolean framed) throws IOException {
        return PickleMachine.trace(MemorySource.of("test", file), 0, new Budget(Pickles.smallHeap()), false, framed);
    }

    @Test
    void anArrayPaysForItsPlaceInTheSourceAndNotForItsBytes() throws IOException {
        byte[] wrapper = wrapper(bytes("M", 0, 4, Opcode.TUPLE1), dtype("f8"), "");
        Budget without = new Budget(Pickles.smallHeap());
        PickleMachine.read(MemorySource.of("test", bytes(wrapper, ".")), 0, without);
        Budget with = new Budget(Pickles.smallHeap());
        PickleMachine.readWithArrays(MemorySource.of("test", bytes(wrapper, new byte[8192], ".")), 0, with);
        assertEquals(
                Meter.object(2, 0) + Meter.object(1, 16) + Meter.array(2) - Meter.array(1),
                without.left(Limit.MEMORY) - with.left(Limit.MEMORY));
    }
}
