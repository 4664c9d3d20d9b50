/** The safetensors header, its strict reader and its streaming writer. */
@NullMarked
package org.ptsanitize.formats.safetensors;

import org.jspecify.annotations.NullMarked;
