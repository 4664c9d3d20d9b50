package org.ptsanitize.properties;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.ptsanitize.converter.convert.ConvertOptions;
import org.ptsanitize.converter.convert.Converter;
import org.ptsanitize.converter.convert.OutputFormat;
import org.ptsanitize.converter.inspect.InspectOptions;
import org.ptsanitize.converter.inspect.InspectedTensor;
import org.ptsanitize.converter.inspect.Inspection;
import org.ptsanitize.converter.inspect.Inspector;
import org.ptsanitize.converter.report.Conversion;
import org.ptsanitize.converter.report.OutputTensor;
import org.ptsanitize.properties.generate.CheckpointFile;
import org.ptsanitize.properties.generate.Checkpoints;

/** An inspection shows what a conversion would write. */
class InspectProperties extends WithWorkbench {
    @Property(tries = 150)
    void itListsTheTensorsOfAConversion(@ForAll("files") CheckpointFile file) throws Exception {
        Path input = bench.put("input", file.bytes());
        Inspection inspection = new Inspector(InspectOptions.defaults()).inspect(input);
        ConvertOptions dry = ConvertOptions.builder().dryRun(true).build();
        Conversion conversion = new Converter(dry).convert(input, bench.output(), OutputFormat.SAFETENSORS);
        List<String> expected = new ArrayList<>();
        for (OutputTensor tensor : conversion.tensors()) {
            expected.add(tensor.name() + " at " + tensor.path() + " of " + tensor.bytes());
        }
        List<String> found = new ArrayList<>();
        for (InspectedTensor tensor : inspection.tensors()) {
            found.add(tensor.name() + " at " + tensor.path() + " of " + tensor.bytes());
        }
        assertEquals(expected, found);
        assertEquals(conversion.prefix(), inspection.prefix());
        assertEquals("", inspection.stops());
    }

    @Provide
    Arbitrary<CheckpointFile> files() {
        return Checkpoints.filesWithTensors(Checkpoints.any());
    }
}
