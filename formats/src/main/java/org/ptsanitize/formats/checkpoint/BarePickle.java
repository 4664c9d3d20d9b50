package org.ptsanitize.formats.checkpoint;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.ptsanitize.formats.bytes.Budget;
import org.ptsanitize.formats.bytes.ByteSource;
import org.ptsanitize.formats.pickle.Pickle;
import org.ptsanitize.formats.pickle.PickleMachine;

/** A file that is a pickle and nothing else, as {@code pickle.dump} writes it. */
public final class BarePickle implements Checkpoint {
    private final int protocol;
    private List<PickledPart> parts;
    private final List<String> notes = new ArrayList<>();

    private BarePickle(Pickle pickle) {
        this.protocol = pickle.protocol();
        this.parts = List.of(new PickledPart("pickle", pickle, PersistentObjects.NONE, false));
    }

    /** Opens a bare pickle. The source stays the caller's to close. */
    public static BarePickle open(ByteSource source, Budget budget) throws IOException {
        Pickle pickle = PickleMachine.read(source, 0, budget);
        BarePickle checkpoint = new BarePickle(pickle);
        if (pickle.end() < source.size()) {
            checkpoint.notes.add((source.size() - pickle.end()) + " bytes behind the pickle's end are ignored");
        }
        return checkpoint;
    }

    @Override
    public Container container() {
        return Container.BARE_PICKLE;
    }

    @Override
    public String writer() {
        return "pickle protocol " + protocol;
    }

    @Override
    public List<PickledPart> parts() {
        return parts;
    }

    @Override
    public void forgetPickles() {
        parts = List.of();
    }

    @Override
    public List<String> notes() {
        return List.copyOf(notes);
    }

    @Override
    public void close() {}
}
