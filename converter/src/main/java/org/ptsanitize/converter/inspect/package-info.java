/**
 * What is inside a checkpoint, told without reading a tensor. Start reading at
 * {@link org.ptsanitize.converter.inspect.Inspector}.
 */
@NullMarked
package org.ptsanitize.converter.inspect;

import org.jspecify.annotations.NullMarked;
