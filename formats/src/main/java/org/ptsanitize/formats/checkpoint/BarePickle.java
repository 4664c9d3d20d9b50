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
public final class BarePickle implements Checkpoint {
    private static final Global ARRAY_WRAPPER = new Global("joblib.numpy_pickle", "NumpyArrayWrapper");

    private static final int SHORTEST = 4;

    private final int protocol;
    private final boolean joblib;
    private final List<PickledPart> parts = new ArrayList<>();
    private final List<String> notes = new ArrayList<>();

    private BarePickle(Pickle pickle) {
        this.protocol = pickle.protocol();
        this.joblib = pickle.globals().stream().anyMatch(use -> use.global().equals(ARRAY_WRAPPER));
        parts.add(new PickledPart("pickle", pickle, PersistentObjects.NONE, false));
    }

    /** Opens a bare pickle, or several. The source stays the caller's to close. */
    public static Checkpoint open(ByteSource source, Budget budget) throws IOException {
        return of(PickleMachine.readWithArrays(source, 0, budget), source, budget);
    }

    /** The checkpoint whose first pickle was read. */
    static Checkpoint of(Pickle first, ByteSource source, Budget budget) throws IOException {
        BarePickle checkpoint = new BarePickle(first);
        if (first.end() == source.size()) {
            return checkpoint;
        }
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
        for (int i = 1; i < all.size(); i++) {
            checkpoint.parts.add(new PickledPart("pickle " + i, all.get(i), PersistentObjects.NONE, true));
        }
        if (all.size() > 1) {
            checkpoint.notes.add((all.size() - 1) + " more pickles behind the first hold no tensors and are ignored");
        }
        if (!rest.isEmpty()) {
            checkpoint.notes.add(rest);
        }
        return checkpoint;
    }

    private static Checkpoint bundle(List<Pickle> pickles, String rest) {
        List<Member> members = new ArrayList<>();
        for (int i = 0; i < pickles.size(); i++) {
            members.add(new Member(Integer.toString(i), new BarePickle(pickles.get(i))));
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

    @Override
    public Container container() {
        return joblib ? Container.JOBLIB : Container.BARE_PICKLE;
    }

    @Override
    public String writer() {
        return "pickle protocol " + protocol;
    }

    @Override
    public List<PickledPart> parts() {
        return List.copyOf(parts);
    }

    @Override
    public void forgetPickles() {
        parts.clear();
    }

    @Override
    public List<String> notes() {
        return List.copyOf(notes);
    }

    @Override
    public void close() {}
}
