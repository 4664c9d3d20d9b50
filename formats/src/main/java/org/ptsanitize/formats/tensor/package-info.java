/** Element types, storages and strided views, with the checks that make a view safe to read. */
@NullMarked
package org.ptsanitize.formats.tensor;

import org.jspecify.annotations.NullMarked;
