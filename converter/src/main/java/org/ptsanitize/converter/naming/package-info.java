/**
 * The names of tensors: which part of a tree counts, the path of every tensor in it, and what becomes of that path. Start
 * reading at {@link org.ptsanitize.converter.naming.Selection}.
 */
@NullMarked
package org.ptsanitize.converter.naming;

import org.jspecify.annotations.NullMarked;
