package org.ptsanitize.formats.pickle;

import java.util.List;
import org.ptsanitize.formats.bytes.ByteSource;
import org.ptsanitize.formats.bytes.MemorySource;
import org.ptsanitize.formats.pickle.PickleValue.Call;
import org.ptsanitize.formats.pickle.PickleValue.PersistentId;

/**
 * One pickle, read to its STOP.
 *
 * @param root the value on top of the stack at STOP
 * @param protocol the highest protocol number announced, 0 if none
 * @param source the bytes it was read from
 * @param start position in the source of its first byte
 * @param end position in the source of the first byte behind STOP
 * @param calls every call ever made, reachable from the root or not, in stream order
 * @param persistentIds every persistent id ever looked up, in stream order
 * @param globals every global ever named, in order of first mention
 */
public record Pickle(
        PickleValue root,
        int protocol,
        ByteSource source,
        long start,
        long end,
        List<Call> calls,
        List<PersistentId> persistentIds,
        List<GlobalUse> globals) {
    /** A value that no pickle spells: it was described in another way. */
    public static Pickle of(PickleValue root) {
        ByteSource nothing = MemorySource.of("", new byte[0]);
        return new Pickle(root, 0, nothing, 0, 0, List.of(), List.of(), List.of());
    }
}
