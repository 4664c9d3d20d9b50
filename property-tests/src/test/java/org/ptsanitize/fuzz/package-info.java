/**
 * Fuzz targets. Where nothing else is asked for, each runs its seeds and every input that ever failed, as a test;
 * {@code docs/fuzzing.md} tells how to let one run for hours.
 */
@NullMarked
package org.ptsanitize.fuzz;

import org.jspecify.annotations.NullMarked;
