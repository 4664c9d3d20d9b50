/**
 * The way back: a safetensors file and its metadata become the tree they were written from. The metadata is untrusted;
 * what contradicts the file is not used. Start reading at {@link org.ptsanitize.converter.restore.Restorer}.
 */
@NullMarked
package org.ptsanitize.converter.restore;

import org.jspecify.annotations.NullMarked;
