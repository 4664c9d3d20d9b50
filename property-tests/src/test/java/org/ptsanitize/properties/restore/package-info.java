/** safetensors and back again. */
@NullMarked
package org.ptsanitize.properties.restore;

import org.jspecify.annotations.NullMarked;
