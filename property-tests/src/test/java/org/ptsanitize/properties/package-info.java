/** What must hold of the whole program: its architecture, and properties over generated checkpoints. */
@NullMarked
package org.ptsanitize.properties;

import org.jspecify.annotations.NullMarked;
