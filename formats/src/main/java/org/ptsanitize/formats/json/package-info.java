/** Small JSON documents from untrusted files, read strictly and as a stream. */
@NullMarked
package org.ptsanitize.formats.json;

import org.jspecify.annotations.NullMarked;
