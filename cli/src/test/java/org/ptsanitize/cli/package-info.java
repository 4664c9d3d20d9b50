/** Tests of the command line. {@link org.ptsanitize.cli.Workplace} runs it in a folder of its own. */
package org.ptsanitize.cli;
