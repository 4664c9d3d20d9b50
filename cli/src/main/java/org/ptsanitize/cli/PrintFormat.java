package org.ptsanitize.cli;

/** How results are printed. */
enum PrintFormat {
    TEXT,
    JSON
}
