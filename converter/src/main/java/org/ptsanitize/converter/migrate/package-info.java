/**
 * Many checkpoints in one go: which of the files below some folders are checkpoints, where each one's output goes, the
 * workers that convert them, and the journal by which a run that was cut off goes on where it was.
 *
 * <p>{@link org.ptsanitize.converter.migrate.Migration} is the whole of it. A {@code TreeWalk} lists the files, a
 * {@code Discovery} makes {@code Unit}s of them, {@code TargetNames} says where each one goes; {@code Workers} convert
 * into a {@code Staging} folder, and one {@code Committer} makes batches of what is staged durable, gives it its names
 * and writes the {@code Journal}, in this order.
 */
@NullMarked
package org.ptsanitize.converter.migrate;

import org.jspecify.annotations.NullMarked;
