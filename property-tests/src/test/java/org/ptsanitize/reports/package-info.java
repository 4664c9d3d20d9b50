/** What reports look like to the programs that read them. */
package org.ptsanitize.reports;
