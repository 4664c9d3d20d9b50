package org.ptsanitize.formats.pickle;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.ptsanitize.formats.pickle.Pickles.error;
import static org.ptsanitize.formats.pickle.Pickles.pickle;
import static org.ptsanitize.formats.pickle.Pickles.show;
import static org.ptsanitize.formats.pickle.Pickles.shown;
import static org.ptsanitize.formats.pickle.Pickles.u4;

import java.io.IOException;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.ptsanitize.formats.pickle.PickleValue.Global;
import org.ptsanitize.formats.pickle.PickleValue.Tuple;

/** Names and calls: written down, never performed. */
class CallOpcodesTest {
    @Test
    void aGlobalIsTwoLinesKeptExactly() throws IOException {
        assertEquals("<torch._utils _rebuild_tensor_v2>", shown("ctorch._utils\n_rebuild_tensor_v2\n."));
        assertEquals("<os\r system >", shown("cos\r\nsystem \n."));
        assertEquals("< >", shown("c\n\n."));
        assertEquals("<\u00e9 x>", shown("c", 0xc3, 0xa9, "\nx\n."));
    }

    @Test
    void aGlobalThatIsNotUtf8IsMalformed() {
        String message = "GLOBAL with text that is not valid UTF-8 (byte 0)";
        assertEquals(message, error("c", 0xff, "\nx\n."));
        assertEquals(message, error("cx\n", 0xed, 0xa0, 0x80, "\n."));
    }

    @Test
    void aGlobalCanBeTwoTextsOfTheStack() throws IOException {
        assertEquals("<os system>", shown("Vos\nVsystem\n", Opcode.STACK_GLOBAL, "."));
        assertEquals("<os system>", shown("U", 2, "osS'system'\n", Opcode.STACK_GLOBAL, "."));
    }

    @Test
    void aComputedNameIsMalformed() {
        assertEquals(
                "the name of a global is computed: a call where a text is expected (byte 11)",
                error("Vos\ncx\ny\n)R", Opcode.STACK_GLOBAL, "."));
        assertEquals(
                "the name of a global is computed: bytes where a text is expected (byte 7)",
                error("Vos\nC", 1, "x", Opcode.STACK_GLOBAL, "."));
        assertEquals(
                "the name of a global is computed: bytes where a text is expected (byte 7)",
                error("Vos\nU", 1, 0xe9, Opcode.STACK_GLOBAL, "."));
    }

    @Test
    void aVeryLongNameIsUnsupported() {
        assertEquals(
                "GLOBAL of a name with 4097 characters, at most 4096 expected (byte 0)",
                error("c" + "x".repeat(4097) + "\ny\n."));
    }

    @Test
    void everyMentionOfAGlobalIsCountedOnceByName() throws IOException {
        Pickle pickle = pickle("cb\nx\n0ca\ny\n0Vb\nVx\n", Opcode.STACK_GLOBAL, ".");
        assertEquals(
                List.of(new GlobalUse(new Global("b", "x"), 0, 2), new GlobalUse(new Global("a", "y"), 6, 1)),
                pickle.globals());
        assertSame(pickle.globals().get(0).global(), pickle.root());
    }

    @Test
    void reduceMakesACall() throws IOException {
        assertEquals("REDUCE@8 <a b>(1)", shown("ca\nb\nK", 1, Opcode.TUPLE1, "R."));
        assertEquals("REDUCE@6 <a b>()", shown("ca\nb\n)R."));
    }

    @Test
    void newObjectsAreCalls() throws IOException {
        assertEquals("NEWOBJ@6 <a b>()", shown("ca\nb\n)", Opcode.NEWOBJ, "."));
        assertEquals("NEWOBJ_EX@7 <a b>() keywords {}", shown("ca\nb\n)}", Opcode.NEWOBJ_EX, "."));
    }

    @Test
    void protocol0And1InstancesAreCalls() throws IOException {
        assertEquals("INST@3 <a b>(1)", shown("(K", 1, "ia\nb\n."));
        assertEquals("OBJ@8 <a b>(1)", shown("(ca\nb\nK", 1, "o."));
        assertEquals("OBJ without a class above its MARK (byte 1)", error("(o."));
    }

    @Test
    void whatIsDoneToAResultIsNotedOnItsCall() throws IOException {
        assertEquals(
                "REDUCE@6 <a b>() states 1, None items 2, 3, 4 entries 5: 6, 7: 8",
                shown(
                        "ca\nb\n)R",
                        "K",
                        1,
                        "bNbK",
                        2,
                        "a(K",
                        3,
                        "e(K",
                        4,
                        Opcode.ADDITEMS,
                        "K",
                        5,
                        "K",
                        6,
                        "s(K",
                        7,
                        "K",
                        8,
                        "u."));
    }

    @Test
    void callsThatArePoppedAreRecorded() throws IOException {
        Pickle pickle = pickle("ca\nb\n)R0ca\nc\n)R.");
        assertEquals(2, pickle.calls().size());
        assertEquals("REDUCE@6 <a b>()", show(pickle.calls().get(0)));
        assertEquals("REDUCE@14 <a c>()", show(pickle.root()));
    }

    @Test
    void aCallOfWhatIsNoCallableIsStillOnlyACall() throws IOException {
        assertEquals("REDUCE@2 None()", shown("N)R."));
    }

    @Test
    void argumentsThatCannotBeIteratedOverAreMalformed() {
        assertEquals("REDUCE with arguments that are no tuple (byte 7)", error("ca\nb\nK", 1, "R."));
        assertEquals("REDUCE with arguments that are no tuple (byte 6)", error("ca\nb\nNR."));
    }

    @Test
    void persistentIdsAreRecorded() throws IOException {
        Pickle pickle = pickle("Phello\n0K", 1, "Q.");
        assertEquals("id@10 1", show(pickle.root()));
        assertEquals("id@0 'hello'", show(pickle.persistentIds().get(0)));
        assertEquals(2, pickle.persistentIds().size());
        assertEquals("PERSID with an id that is not ASCII (byte 0)", error("P", 0xe9, "\n."));
    }

    @Test
    void extensionCodesNeedARegistryThatIsNotThere() {
        assertEquals(
                "EXT1 with the extension code 7, a name that is not in the file (byte 0)", error(Opcode.EXT1, 7, "."));
        assertEquals(
                "EXT2 with the extension code 256, a name that is not in the file (byte 0)",
                error(Opcode.EXT2, 0, 1, "."));
        assertEquals("EXT4 with the extension code -1, 1 or more expected (byte 0)", error(Opcode.EXT4, u4(-1), "."));
        assertEquals("EXT1 with the extension code 0, 1 or more expected (byte 0)", error(Opcode.EXT1, 0, "."));
    }

    @Test
    void buffersOutsideThePickleAreUnsupported() {
        assertEquals(
                "NEXT_BUFFER refers to a buffer that is kept outside the pickle (byte 0)",
                error(Opcode.NEXT_BUFFER, "."));
        assertEquals(
                "READONLY_BUFFER refers to a buffer that is kept outside the pickle (byte 1)",
                error("N", Opcode.READONLY_BUFFER, "."));
    }

    @Test
    void argumentsOfACallAreWhateverWasOnTheStack() throws IOException {
        assertSame(Tuple.of(), pickle("ca\nb\n)R.").calls().get(0).arguments());
    }

    @Test
    void aNameMayHave4096Characters() throws IOException {
        String longest = "x".repeat(4096);
        assertEquals("<" + longest + " " + longest + ">", shown("c" + longest + "\n" + longest + "\n."));
        assertEquals("<m " + longest + ">", shown("Vm\nT", u4(4096), longest, Opcode.STACK_GLOBAL, "."));
        assertEquals(
                "GLOBAL of a name with 4097 characters, at most 4096 expected (byte 0)",
                error("cm\n" + longest + "x\n."));
        assertEquals(
                "the name of a global is computed: bytes where a text is expected (byte 4105)",
                error("Vm\nT", u4(4097), longest, "x", Opcode.STACK_GLOBAL, "."));
    }
}
