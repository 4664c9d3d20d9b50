package org.ptsanitize.formats.checkpoint;

import org.ptsanitize.formats.bytes.MalformedFileException;
import org.ptsanitize.formats.pickle.PickleValue.PersistentId;

/** Answers what a persistent id of one pickle stands for. */
@FunctionalInterface
public interface PersistentObjects {
    /** A pickle whose container knows no persistent ids. */
    PersistentObjects NONE = id -> {
        throw new MalformedFileException("a persistent id in a pickle that stands alone", "byte " + id.offset());
    };

    /**
     * The object behind a persistent id.
     *
     * @throws MalformedFileException if the id has not the form that the container defines
     */
    PersistentObject resolve(PersistentId id) throws MalformedFileException;
}
