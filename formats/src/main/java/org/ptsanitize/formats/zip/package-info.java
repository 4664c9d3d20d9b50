/** Strict zip directories, read as PyTorch reads them, and the aligned, stored-only zip writer. */
@NullMarked
package org.ptsanitize.formats.zip;

import org.jspecify.annotations.NullMarked;
