package org.ptsanitize.formats.tar;

import org.ptsanitize.formats.bytes.ByteSource;

/**
 * One member of a tar archive.
 *
 * @param name its path in the archive, a leading {@code ./} dropped
 * @param regular whether it is a regular file; links, devices and folders have a name and nothing that is read
 * @param bytes its content; empty if it is not a regular file
 */
public record TarMember(String name, boolean regular, ByteSource bytes) {}
