package org.ptsanitize.formats.checkpoint;

import java.io.Closeable;
import java.io.IOException;
import java.util.List;
import java.util.Map;

/**
 * An opened checkpoint: the pickles in it, read symbolically, and the storages they refer to. Every storage that a
 * pickle names has been found and measured when an instance exists; no tensor bytes have been read.
 */
public interface Checkpoint extends Closeable {
    Container container();

    /** What the file tells of its writer, such as {@code torch 2.1 or later}; empty if nothing. */
    default String writer() {
        return "";
    }

    /**
     * The pickles, in the order of the file, those of {@link #members} included. Those that only steer the container are
     * {@link PickledPart#auxiliary}.
     */
    List<PickledPart> parts();

    /**
     * Lets the pickles go once their values have become a tree: they are the larger part of what a checkpoint holds in
     * memory. {@link #parts} is empty from then on.
     */
    default void forgetPickles() {}

    /** The tensors that no pickle describes, in the order of the file. */
    default List<NamedTensor> tensors() {
        return List.of();
    }

    /**
     * The checkpoints of a file that holds several; empty for one that is a checkpoint itself. What such a file holds is a
     * mapping from their names to what they hold, also if there is only one.
     */
    default List<Member> members() {
        return List.of();
    }

    /** Checkpoints beside what the file is about: not part of what it holds, but listed, and there on request. */
    default List<Member> outside() {
        return List.of();
    }

    /** Text metadata of the container itself, such as a safetensors {@code __metadata__}. */
    default Map<String, String> metadata() {
        return Map.of();
    }

    /** What is odd but harmless, one sentence each. */
    default List<String> notes() {
        return List.of();
    }

    /** Closes what was opened or unpacked for the checkpoint. The source that it was opened from is not part of that. */
    @Override
    default void close() throws IOException {}
}
