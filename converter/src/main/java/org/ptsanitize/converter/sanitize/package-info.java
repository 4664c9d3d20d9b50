/** From symbolic values to the checkpoint tree: rebuild functions, containers, values, modules and stubs. Start reading at {@link org.ptsanitize.converter.sanitize.Sanitizer}. */
@NullMarked
package org.ptsanitize.converter.sanitize;

import org.jspecify.annotations.NullMarked;
