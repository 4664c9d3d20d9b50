package org.ptsanitize.converter.restore;

import java.io.Closeable;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;
import org.ptsanitize.converter.policy.Policy;
import org.ptsanitize.converter.report.EventLog;
import org.ptsanitize.converter.sanitize.Damage;
import org.ptsanitize.converter.sanitize.Sanitizer;
import org.ptsanitize.formats.bytes.Budget;
import org.ptsanitize.formats.bytes.FileFormatException;
import org.ptsanitize.formats.bytes.Limits;
import org.ptsanitize.formats.bytes.Scratch;
import org.ptsanitize.formats.checkpoint.Checkpoint;
import org.ptsanitize.formats.checkpoint.Input;

/** One input under way: its files, the room for what is unpacked, the budget, and the checkpoint it turned out to be. */
public final class Reading implements Closeable {
    private final Input input;
    private final Scratch scratch;
    private final Budget budget;
    private final Checkpoint checkpoint;

    private Reading(Input input, Scratch scratch, Budget budget, Checkpoint checkpoint) {
        this.input = input;
        this.scratch = scratch;
        this.budget = budget;
        this.checkpoint = checkpoint;
    }

    /**
     * Opens a file, a shard index or a folder and reads its pickles.
     *
     * @param tempDirectory where compressed members are unpacked, if not in the usual place
     * @throws FileFormatException if it cannot be read as a checkpoint; the message does not yet name the file
     */
    public static Reading open(Path path, Limits limits, Optional<Path> tempDirectory) throws IOException {
        return open(path, limits, tempDirectory, Input::checkpoint);
    }

    /**
     * Opens one member of an input that holds several checkpoints, as if it were an input of its own.
     *
     * @param member its name; names of members of members are joined by slashes
     */
    public static Reading openMember(Path path, String member, Limits limits, Optional<Path> tempDirectory)
            throws IOException {
        return open(path, limits, tempDirectory, (input, scratch, budget) -> input.member(member, scratch, budget));
    }

    /**
     * Opens what is left of a file that {@link #open} refuses: for looking at, because none of its tensors can be read.
     *
     * @param refusal why it was refused, thrown again if nothing is left
     */
    public static Reading openRemains(
            Path path, Limits limits, Optional<Path> tempDirectory, FileFormatException refusal) throws IOException {
        return open(path, limits, tempDirectory, (input, scratch, budget) -> input.remains(scratch, budget)
                .orElseThrow(() -> refusal));
    }

    /** A way to make a checkpoint of an input. */
    @FunctionalInterface
    private interface Opener {
        Checkpoint open(Input input, Scratch scratch, Budget budget) throws IOException;
    }

    private static Reading open(Path path, Limits limits, Optional<Path> tempDirectory, Opener opener)
            throws IOException {
        Input input = Input.open(path);
        try {
            long size = input.sizeOfAll();
            Scratch scratch = tempDirectory.isPresent()
                    ? Scratch.in(tempDirectory.get(), size, limits)
                    : Scratch.of(size, limits);
            try {
                Budget budget = new Budget(limits);
                return new Reading(input, scratch, budget, opener.open(input, scratch, budget));
            } catch (IOException | RuntimeException | Error e) {
                scratch.close();
                throw e;
            }
        } catch (IOException | RuntimeException | Error e) {
            input.close();
            throw e;
        }
    }

    public Input input() {
        return input;
    }

    public Budget budget() {
        return budget;
    }

    public Checkpoint checkpoint() {
        return checkpoint;
    }

    /**
     * What the checkpoint holds as data; the metadata of a file that this program wrote is put back in place.
     *
     * @param log takes what is left out or changed, and the findings
     */
    public Restored tree(Policy policy, EventLog log) throws IOException {
        return Restorer.appliesTo(checkpoint)
                ? Restorer.restore(checkpoint, log, budget)
                : new Restored(new Sanitizer(policy, log, budget, scratch).sanitize(checkpoint), Origin.NONE);
    }

    /**
     * The same for looking at: no tensor's bytes are read, and what is damaged is left out of the tree.
     *
     * @param damage takes what is damaged
     */
    public Restored outline(Policy policy, EventLog log, Damage damage) throws IOException {
        return Restorer.appliesTo(checkpoint)
                ? Restorer.outline(checkpoint, log, budget)
                : new Restored(
                        new Sanitizer(policy, log, budget, scratch)
                                .tolerating(damage)
                                .sanitize(checkpoint),
                        Origin.NONE);
    }

    @Override
    public void close() throws IOException {
        try {
            checkpoint.close();
        } finally {
            try {
                scratch.close();
            } finally {
                input.close();
            }
        }
    }
}
