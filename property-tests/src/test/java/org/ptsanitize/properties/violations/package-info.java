/** A small program that breaks every rule of the architecture. It is only looked at; none of it ever runs. */
package org.ptsanitize.properties.violations;
