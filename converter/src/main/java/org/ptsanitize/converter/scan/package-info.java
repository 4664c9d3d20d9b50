/**
 * Which files would run code when they are loaded: finds every pickle in a file or a tree, follows each as far as it goes,
 * and ranks the globals in it. Start reading at {@link org.ptsanitize.converter.scan.Scanner}.
 */
@NullMarked
package org.ptsanitize.converter.scan;

import org.jspecify.annotations.NullMarked;
