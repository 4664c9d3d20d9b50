package org.ptsanitize.converter.migrate;

import java.util.List;
import org.ptsanitize.converter.naming.Glob;

/**
 * Which files of a tree are looked at. A pattern without a {@code /} is about a file's or folder's own name, one with a
 * {@code /} about its path from the folder that was named; {@code *} stands for anything.
 */
public final class FileChoice {
    /** Every file of any size. */
    public static final FileChoice ALL = new FileChoice(List.of(), List.of(), List.of(), Long.MAX_VALUE);

    private final List<Pattern> only;
    private final List<Pattern> skip;
    private final List<Pattern> skipFolders;
    private final long maxFileSize;

    /**
     * @param only globs, one of which a checkpoint has to match; any does if there are none
     * @param skip globs that no file may match; they win
     * @param skipFolders globs of folders that are not entered
     * @param maxFileSize bytes of the largest file that is read
     */
    public FileChoice(List<String> only, List<String> skip, List<String> skipFolders, long maxFileSize) {
        this.only = only.stream().map(Pattern::of).toList();
        this.skip = skip.stream().map(Pattern::of).toList();
        this.skipFolders = skipFolders.stream().map(Pattern::of).toList();
        this.maxFileSize = maxFileSize;
    }

    private record Pattern(Glob glob, boolean path) {
        static Pattern of(String glob) {
            return new Pattern(Glob.of(glob), glob.indexOf('/') >= 0);
        }

        boolean matches(String place) {
            return glob.matches(path ? place : place.substring(place.lastIndexOf('/') + 1));
        }
    }

    /** Whether a checkpoint may be taken by its name. */
    boolean isWanted(String place) {
        return only.isEmpty() || matches(only, place);
    }

    /** Whether a file is to be left alone. */
    boolean isSkipped(String place) {
        return matches(skip, place);
    }

    /** Whether a folder is not to be entered. */
    boolean isFolderSkipped(String place) {
        return matches(skipFolders, place);
    }

    boolean isTooLarge(long size) {
        return size > maxFileSize;
    }

    private static boolean matches(List<Pattern> patterns, String place) {
        return patterns.stream().anyMatch(pattern -> pattern.matches(place));
    }
}
