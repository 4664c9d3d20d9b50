package org.ptsanitize.formats.pickle;

import java.util.List;
import java.util.Optional;
import org.ptsanitize.formats.bytes.ByteSource;
import org.ptsanitize.formats.bytes.FileFormatException;
import org.ptsanitize.formats.pickle.PickleValue.Call;
import org.ptsanitize.formats.pickle.PickleValue.None;
import org.ptsanitize.formats.pickle.PickleValue.PersistentId;

/**
 * What a pickle did as far as it could be followed. An unpickler runs the calls of a damaged pickle before it comes to the
 * damage, so they count although the pickle has no value.
 *
 * @param protocol the highest protocol number announced until then, 0 if none
 * @param end position in the source where following ended: behind STOP, or somewhere in the opcode that failed
 * @param calls every call made until then, in stream order
 * @param persistentIds every persistent id looked up until then
 * @param globals every global named until then, in order of first mention
 * @param failure why the pickle could not be followed to its STOP; empty if it was
 */
public record PickleTrace(
        int protocol,
        long end,
        List<Call> calls,
        List<PersistentId> persistentIds,
        List<GlobalUse> globals,
        Optional<FileFormatException> failure) {
    /**
     * Whether it did anything that other bytes do not do by chance: a call, or if it announces its protocol, a name. Two
     * lines of a text that begins with {@code c} are a name, too.
     */
    public boolean didSomething() {
        return !calls.isEmpty() || protocol > 0 && !globals.isEmpty();
    }

    /** The same as a pickle whose value nobody knows. */
    public Pickle withoutValue(ByteSource source, long start) {
        return new Pickle(None.NONE, protocol, source, start, end, calls, persistentIds, globals);
    }
}
