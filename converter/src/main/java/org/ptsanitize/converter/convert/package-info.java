/** The conversion itself: options, plan, writers, atomic files and the proof. Start reading at {@link org.ptsanitize.converter.convert.Converter}. */
@NullMarked
package org.ptsanitize.converter.convert;

import org.jspecify.annotations.NullMarked;
