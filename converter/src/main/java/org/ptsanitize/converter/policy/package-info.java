/** Which global means what, and what happens to it. Every name is matched exactly: module and name. */
@NullMarked
package org.ptsanitize.converter.policy;

import org.jspecify.annotations.NullMarked;
