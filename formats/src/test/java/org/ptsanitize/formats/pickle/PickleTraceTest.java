package org.ptsanitize.formats.pickle;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.ptsanitize.formats.pickle.Pickles.bytes;
import static org.ptsanitize.formats.pickle.Pickles.show;
import static org.ptsanitize.formats.pickle.Pickles.smallHeap;
import static org.ptsanitize.formats.pickle.Pickles.u8;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.ptsanitize.formats.bytes.Budget;
import org.ptsanitize.formats.bytes.ByteSource;
import org.ptsanitize.formats.bytes.Limit;
import org.ptsanitize.formats.bytes.LimitExceededException;
import org.ptsanitize.formats.bytes.MemorySource;
import org.ptsanitize.formats.pickle.PickleValue.Call;
import org.ptsanitize.formats.pickle.PickleValue.None;

/** What is told of a pickle that cannot be followed to its end. */
class PickleTraceTest {
    private static final String CALL = "cos\nsystem\n(Vx\ntR";

    private static PickleTrace trace(Object... parts) throws IOException {
        return trace(true, parts);
    }

    private static PickleTrace trace(boolean framed, Object... parts) throws IOException {
        return PickleMachine.trace(MemorySource.of("test", bytes(parts)), 0, new Budget(smallHeap()), false, framed);
    }

    private static List<String> calls(PickleTrace trace) throws IOException {
        List<String> calls = new ArrayList<>();
        for (Call call : trace.calls()) {
            calls.add(show(call));
        }
        return calls;
    }

    private static String failure(PickleTrace trace) {
        return trace.failure().orElseThrow().getMessage();
    }

    @Test
    void aWholePickleHasNoFailureAndEndsBehindItsStop() throws IOException {
        PickleTrace trace = trace(Opcode.PROTO, 2, CALL, ".rest");
        assertEquals(Optional.empty(), trace.failure());
        assertEquals(2, trace.protocol());
        assertEquals(2 + CALL.length() + 1, trace.end());
        assertEquals(List.of("REDUCE@18 <os system>('x')"), calls(trace));
        assertEquals(1, trace.globals().size());
        assertEquals("os.system", trace.globals().get(0).global().dotted());
    }

    @Test
    void theCallsBeforeADamageAreTold() throws IOException {
        for (Object damage : new Object[] {"", 0xff, "0.", "\u008c\u00ffcut"}) {
            PickleTrace trace = trace(CALL, damage);
            assertEquals(List.of("REDUCE@16 <os system>('x')"), calls(trace));
            assertTrue(trace.failure().isPresent(), damage.toString());
        }
        assertEquals("the pickle ends without STOP (byte 17)", failure(trace(CALL)));
        assertEquals("byte 0xff is not an opcode (byte 17)", failure(trace(CALL, 0xff)));
    }

    @Test
    void persistentIdsBeforeADamageAreTold() throws IOException {
        PickleTrace trace = trace("Vkey\nQ");
        assertEquals(1, trace.persistentIds().size());
        assertEquals("'key'", show(trace.persistentIds().get(0).id()));
    }

    @Test
    void aStopWithoutAValueIsAFailure() throws IOException {
        assertEquals("STOP needs more values than the stack holds (byte 0)", failure(trace(".")));
    }

    @Test
    void aLimitEndsItLikeADamage() throws IOException {
        ByteSource source = MemorySource.of("test", bytes(CALL, "0NNNNNNNN."));
        PickleTrace trace =
                PickleMachine.trace(source, 0, new Budget(smallHeap().with(Limit.OPCODES, 8)), false, true);
        assertEquals(1, trace.calls().size());
        assertTrue(trace.failure().orElseThrow() instanceof LimitExceededException, failure(trace));
    }

    @Test
    void aFrameThatLiesEndsItOnlyWhereFramesCount() throws IOException {
        Object[] lie = {Opcode.PROTO, 4, Opcode.FRAME, u8(3), CALL, "."};
        assertTrue(trace(true, lie).failure().isPresent());
        assertFalse(trace(false, lie).failure().isPresent());
        assertEquals(1, trace(false, lie).calls().size());
    }

    @Test
    void bytesThatAreNoPickleDidNothing() throws IOException {
        assertFalse(trace("<html>").didSomething());
        assertFalse(trace("").didSomething());
        assertFalse(trace("N.").didSomething());
        assertFalse(trace("column,other\n1,2\n3,4\n").didSomething());
        assertTrue(trace(Opcode.PROTO, 2, "cos\nsystem\n").didSomething());
        assertTrue(trace(CALL).didSomething());
    }

    @Test
    void aPickleWithoutAValueHasAllElse() throws IOException {
        ByteSource source = MemorySource.of("test", bytes("..", Opcode.PROTO, 2, CALL));
        PickleTrace trace = PickleMachine.trace(source, 2, new Budget(smallHeap()), false, true);
        assertEquals(
                new Pickle(None.NONE, 2, source, 2, trace.end(), trace.calls(), List.of(), trace.globals()),
                trace.withoutValue(source, 2));
    }
}
