/** One type per container a checkpoint comes in, and the detection of a container by its bytes. */
@NullMarked
package org.ptsanitize.formats.checkpoint;

import org.jspecify.annotations.NullMarked;
