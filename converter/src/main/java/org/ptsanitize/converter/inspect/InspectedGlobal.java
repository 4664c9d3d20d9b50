package org.ptsanitize.converter.inspect;

import java.util.List;
import org.ptsanitize.converter.policy.GlobalClass;

/**
 * A class or function that a checkpoint names.
 *
 * @param name module and name, joined by a dot
 * @param globalClass what becomes of it
 * @param danger why it is dangerous; empty if it is not known to be
 * @param count how often it is named
 * @param places where it is named first in each pickle
 */
public record InspectedGlobal(String name, GlobalClass globalClass, String danger, long count, List<Place> places) {
    /** A byte of a pickle. */
    public record Place(String pickle, long offset) {}
}
