package org.ptsanitize.formats.checkpoint;

import java.util.Optional;
import org.ptsanitize.formats.bytes.MalformedFileException;
import org.ptsanitize.formats.pickle.PickleValue;
import org.ptsanitize.formats.pickle.PickleValue.Call;
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

    /**
     * The value behind a call that mentions a tensor by its place in a table of the container, as TorchScript 1.1 to 1.3
     * does; empty if the container has no such table or place.
     */
    default Optional<PickleValue> tensor(Call reference) {
        return Optional.empty();
    }
}
