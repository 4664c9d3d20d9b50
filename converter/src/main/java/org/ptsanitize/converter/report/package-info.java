/** What was kept, changed and dropped, for people and for programs. */
@NullMarked
package org.ptsanitize.converter.report;

import org.jspecify.annotations.NullMarked;
