/** The documents, held to the program: what a page prints is what a run prints. Start reading at {@link org.ptsanitize.docs.RecipesTest}. */
package org.ptsanitize.docs;
