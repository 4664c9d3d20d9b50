package org.ptsanitize.properties.violations.util;

import org.ptsanitize.properties.violations.Breaks;

/** Lives in a package that says nothing. */
@Breaks({"no package is named util, common, helper or impl", "every package has its place in the design"})
final class Things {}
