package org.ptsanitize.formats.checkpoint;

import org.ptsanitize.formats.pickle.Pickle;

/**
 * One pickle of a container.
 *
 * @param name how messages call it, such as {@code data.pkl}
 * @param pickle the values
 * @param persistent what its persistent ids stand for
 * @param auxiliary whether it steers the container and holds nothing of the user's
 * @param script whether TorchScript wrote it: its objects are modules and custom classes of the archive itself
 */
public record PickledPart(String name, Pickle pickle, PersistentObjects persistent, boolean auxiliary, boolean script) {
    /** A pickle that Python wrote. */
    public PickledPart(String name, Pickle pickle, PersistentObjects persistent, boolean auxiliary) {
        this(name, pickle, persistent, auxiliary, false);
    }

    /** The same pickle under a name that tells the member of the file it comes from. */
    PickledPart within(String member) {
        return new PickledPart(member + "/" + name, pickle, persistent, auxiliary, script);
    }

    /** The same pickle as one that holds nothing of what the file is about. */
    PickledPart steering() {
        return new PickledPart(name, pickle, persistent, true, script);
    }
}
