/**
 * Real PyTorch as the judge of what this project writes. It runs in a process of its own, which is started once and
 * asked by lines of JSON; where it is not installed, the tests that need it are skipped and say how to install it.
 */
@NullMarked
package org.ptsanitize.oracle;

import org.jspecify.annotations.NullMarked;
