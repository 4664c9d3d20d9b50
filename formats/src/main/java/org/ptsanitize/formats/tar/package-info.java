/** A strict directory of tar archives. */
@NullMarked
package org.ptsanitize.formats.tar;

import org.jspecify.annotations.NullMarked;
