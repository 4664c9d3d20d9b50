package org.ptsanitize.properties;

import java.io.IOException;
import net.jqwik.api.lifecycle.AfterContainer;
import net.jqwik.api.lifecycle.BeforeContainer;

/** Properties that convert files, one after the other, in a {@link Workbench} of their class. */
abstract class WithWorkbench {
    static Workbench bench;

    @BeforeContainer
    static void openWorkbench() throws IOException {
        bench = Workbench.open();
    }

    @AfterContainer
    static void closeWorkbench() throws IOException {
        bench.close();
    }
}
