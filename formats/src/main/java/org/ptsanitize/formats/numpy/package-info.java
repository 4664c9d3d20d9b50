/** The header of a {@code .npy} file. */
@NullMarked
package org.ptsanitize.formats.numpy;

import org.jspecify.annotations.NullMarked;
