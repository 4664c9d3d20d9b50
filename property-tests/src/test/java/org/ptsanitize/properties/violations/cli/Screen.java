package org.ptsanitize.properties.violations.cli;

import org.apache.commons.compress.archivers.zip.ZipFile;
import org.ptsanitize.properties.violations.Breaks;

/** Reads an archive where only words and colours should be. */
@Breaks("the decompressors are only in formats")
public final class Screen {
    ZipFile archive(ZipFile archive) {
        return archive;
    }
}
