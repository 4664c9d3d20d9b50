package org.ptsanitize.formats.checkpoint;

import org.ptsanitize.formats.pickle.Pickle;

/**
 * One pickle of a container.
 *
 * @param name how messages call it, such as {@code data.pkl}
 * @param pickle the values
 * @param persistent what its persistent ids stand for
 * @param auxiliary whether it steers the container and holds nothing of the user's
 */
public record PickledPart(String name, Pickle pickle, PersistentObjects persistent, boolean auxiliary) {}
