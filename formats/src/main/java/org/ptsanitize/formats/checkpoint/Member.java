package org.ptsanitize.formats.checkpoint;

/**
 * A checkpoint inside a file that holds several.
 *
 * @param name its name in the file, under which its values stand in the whole
 */
public record Member(String name, Checkpoint checkpoint) {}
