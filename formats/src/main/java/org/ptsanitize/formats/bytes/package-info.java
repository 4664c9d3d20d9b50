/** Positional byte sources, sequential sinks, limits with their budget, and the sealed family of file errors. */
@NullMarked
package org.ptsanitize.formats.bytes;

import org.jspecify.annotations.NullMarked;
