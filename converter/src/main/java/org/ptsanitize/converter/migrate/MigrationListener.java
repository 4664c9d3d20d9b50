package org.ptsanitize.converter.migrate;

/** Is told how a migration goes on. Called by several threads, one at a time. */
public interface MigrationListener {
    /** Hears nothing. */
    MigrationListener SILENT = new MigrationListener() {};

    /** The tree is being looked through; so many files have been looked at. */
    default void looking(int files) {}

    /**
     * It is known what there is to do.
     *
     * @param units all checkpoints and files that are carried along
     * @param bytes of those that are still to be done
     * @param doneBefore how many of the units an earlier run has done
     */
    default void planned(int units, long bytes, int doneBefore) {}

    /** Work on a unit begins. */
    default void started(String source) {}

    /** A unit is finished, one way or another. */
    default void finished(UnitRecord unit) {}
}
