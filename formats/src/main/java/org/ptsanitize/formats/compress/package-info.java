/** Compression around a whole file: recognised by its first bytes, unpacked as a stream into bounded scratch room. */
@NullMarked
package org.ptsanitize.formats.compress;

import org.jspecify.annotations.NullMarked;
