/**
 * Checkpoints made from nothing: a random object graph with its tensors, written byte by byte in every container, and
 * the tensors a reader must find. Shares no code with the readers it is there to test; only {@code DType} is common.
 */
@NullMarked
package org.ptsanitize.properties.generate;

import org.jspecify.annotations.NullMarked;
