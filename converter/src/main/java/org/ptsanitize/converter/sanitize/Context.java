package org.ptsanitize.converter.sanitize;

import java.util.IdentityHashMap;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.ptsanitize.converter.policy.GlobalClass;
import org.ptsanitize.converter.policy.Meaning;
import org.ptsanitize.converter.policy.Policy;
import org.ptsanitize.converter.report.EventLog;
import org.ptsanitize.formats.bytes.Budget;
import org.ptsanitize.formats.bytes.Scratch;
import org.ptsanitize.formats.checkpoint.PickledPart;
import org.ptsanitize.formats.pickle.PickleValue.Global;
import org.ptsanitize.formats.tensor.DType;
import org.ptsanitize.formats.tensor.Storage;

/** What the revival of one pickle needs to know and to tell. */
final class Context {
    private final PickledPart part;
    private final Policy policy;
    private final EventLog log;
    private final Budget budget;
    private final Scratch scratch;
    private final @Nullable Damage damage;
    private final int depth;
    private final Map<Global, Classified> classified = new IdentityHashMap<>();
    private final Map<Storage, DType> types = new IdentityHashMap<>();

    /** A global's class and meaning. */
    record Classified(GlobalClass globalClass, Optional<Meaning> meaning) {}

    /**
     * @param damage takes what is damaged, which else is an error
     * @param depth 0 for a pickle of the file itself, one more for each pickle around it
     */
    Context(
            PickledPart part,
            Policy policy,
            EventLog log,
            Budget budget,
            Scratch scratch,
            @Nullable Damage damage,
            int depth) {
        this.part = part;
        this.policy = policy;
        this.log = log;
        this.budget = budget;
        this.scratch = scratch;
        this.damage = damage;
        this.depth = depth;
    }

    PickledPart part() {
        return part;
    }

    EventLog log() {
        return log;
    }

    Budget budget() {
        return budget;
    }

    Policy policy() {
        return policy;
    }

    Scratch scratch() {
        return scratch;
    }

    /** Where damage is collected; null where it is an error. */
    @Nullable
    Damage damage() {
        return damage;
    }

    int depth() {
        return depth;
    }

    /** The class of a global; remembered, because a pickle mentions few globals often. */
    Classified classify(Global global) {
        return classified.computeIfAbsent(global, g -> {
            GlobalClass globalClass = policy.classify(g);
            boolean understood = globalClass == GlobalClass.REBUILD || globalClass == GlobalClass.VALUE;
            return new Classified(globalClass, understood ? Meaning.of(g) : Optional.empty());
        });
    }

    /** Records that a storage is read as a type. Returns the type it was read as before, or the same. */
    DType typeOf(Storage storage, DType dtype) {
        DType before = types.putIfAbsent(storage, dtype);
        return before == null ? dtype : before;
    }
}
