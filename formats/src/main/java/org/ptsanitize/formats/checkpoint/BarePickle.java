package org.ptsanitize.formats.checkpoint;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import org.ptsanitize.formats.bytes.Budget;
import org.ptsanitize.formats.bytes.ByteSource;
import org.ptsanitize.formats.bytes.FileFormatException;
import org.ptsanitize.formats.bytes.LimitExceededException;
import org.ptsanitize.formats.pickle.GlobalUse;
import org.ptsanitize.formats.pickle.Pickle;
import org.ptsanitize.formats.pickle.PickleMachine;
import org.ptsanitize.formats.pickle.PickleValue.Global;

/**
 * A file that is a pickle and nothing else, as {@code pickle.dump} and {@code joblib.dump} write it, or several pickles
 * one after another: then each is a member under its number if a later one may hold tensors too.
 */
final class BarePickle {
    private static final Global ARRAY_WRAPPER = new Global("joblib.numpy_pickle", "NumpyArrayWrapper");

    private static final int SHORTEST = 4;

    private BarePickle() {}

    /** The checkpoint whose first pickle was read. The source stays the caller's to close. */
    static Checkpoint of(Pickle first, ByteSource source, Budget budget) throws IOException {
        List<Pickle> all = new ArrayList<>();
        all.add(first);
        long end = first.end();
        while (end < source.size() && mayBegin(source, end)) {
            try {
                Pickle next = PickleMachine.readWithArrays(source, end, budget);
                all.add(next);
                end = next.end();
            } catch (LimitExceededException e) {
                throw e;
            } catch (FileFormatException e) {
                break;
            }
        }
        String rest = end == source.size() ? "" : (source.size() - end) + " bytes behind the pickle's end are ignored";
        boolean several = all.subList(1, all.size()).stream().anyMatch(BarePickle::mayHoldTensors);
        if (several) {
            return bundle(all, rest);
        }
        List<PickledPart> parts = new ArrayList<>();
        parts.add(part(first));
        List<String> notes = new ArrayList<>();
        for (int i = 1; i < all.size(); i++) {
            parts.add(new PickledPart("pickle " + i, all.get(i), PersistentObjects.NONE, true));
        }
        if (all.size() > 1) {
            notes.add((all.size() - 1) + " more pickles behind the first hold no tensors and are ignored");
        }
        if (!rest.isEmpty()) {
            notes.add(rest);
        }
        return file(first, parts, notes);
    }

    private static PickledPart part(Pickle pickle) {
        return new PickledPart("pickle", pickle, PersistentObjects.NONE, false);
    }

    private static Checkpoint file(Pickle first, List<PickledPart> parts, List<String> notes) {
        boolean joblib = first.globals().stream().anyMatch(use -> use.global().equals(ARRAY_WRAPPER));
        return new PickledFile(
                joblib ? Container.JOBLIB : Container.BARE_PICKLE, "pickle protocol " + first.protocol(), parts, notes);
    }

    private static Checkpoint bundle(List<Pickle> pickles, String rest) {
        List<Member> members = new ArrayList<>();
        for (int i = 0; i < pickles.size(); i++) {
            Pickle pickle = pickles.get(i);
            members.add(new Member(Integer.toString(i), file(pickle, List.of(part(pickle)), List.of())));
        }
        List<String> notes = new ArrayList<>();
        notes.add(pickles.size() + " pickles one after another, each under its number");
        if (!rest.isEmpty()) {
            notes.add(rest);
        }
        return new Bundle(Container.PICKLES, members, notes);
    }

    /**
     * Only a pickle that announces its protocol is looked for, or one of protocol 0 or 1 that begins with a container or a
     * class; anything else may be any bytes.
     */
    private static boolean mayBegin(ByteSource source, long at) throws IOException {
        if (source.size() - at < SHORTEST) {
            return false;
        }
        ByteBuffer head = source.read(at, 2);
        return head.get(0) == (byte) 0x80 ? head.get(1) >= 2 && head.get(1) <= 5 : "(c]}".indexOf(head.get(0)) >= 0;
    }

    /** Whether a pickle names anything that tensors and arrays are made with. */
    private static boolean mayHoldTensors(Pickle pickle) {
        for (GlobalUse use : pickle.globals()) {
            String module = use.global().module();
            int dot = module.indexOf('.');
            String top = dot < 0 ? module : module.substring(0, dot);
            if (top.equals("torch") || top.equals("numpy") || use.global().equals(ARRAY_WRAPPER)) {
                return true;
            }
        }
        return false;
    }
}
