package org.ptsanitize.endtoend;

import java.io.IOException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import org.ptsanitize.converter.policy.Policy;
import org.ptsanitize.converter.report.EventLog;
import org.ptsanitize.converter.sanitize.CompositeTensor;
import org.ptsanitize.converter.sanitize.ListNode;
import org.ptsanitize.converter.sanitize.MapNode;
import org.ptsanitize.converter.sanitize.Names;
import org.ptsanitize.converter.sanitize.Node;
import org.ptsanitize.converter.sanitize.Sanitizer;
import org.ptsanitize.converter.sanitize.TensorNode;
import org.ptsanitize.formats.bytes.Budget;
import org.ptsanitize.formats.bytes.ByteSource;
import org.ptsanitize.formats.bytes.FileSource;
import org.ptsanitize.formats.bytes.Limits;
import org.ptsanitize.formats.bytes.Scratch;
import org.ptsanitize.formats.checkpoint.Checkpoint;
import org.ptsanitize.formats.checkpoint.Checkpoints;
import org.ptsanitize.formats.safetensors.SafetensorsHeader;
import org.ptsanitize.formats.safetensors.SafetensorsTensor;
import org.ptsanitize.formats.tensor.TensorBytes;
import org.ptsanitize.formats.tensor.TensorView;

/** Our own strict readers: all tensors of a file under their names. */
final class Readers {
    private Readers() {}

    static Map<String, Facts> safetensors(Path file) throws IOException {
        Map<String, Facts> tensors = new LinkedHashMap<>();
        try (FileSource source = FileSource.open(file)) {
            SafetensorsHeader header = SafetensorsHeader.read(source, new Budget(Limits.defaults()));
            for (SafetensorsTensor tensor : header.tensors()) {
                ByteSource bytes = header.open(source, tensor);
                tensors.put(tensor.name(), Facts.of(tensor.type().name(), tensor.shape(), bytes.read(0, (int)
                        bytes.size())));
            }
        }
        return tensors;
    }

    /** A {@code .pt}: its tensors, and the views behind them, from which sharing shows. */
    record PtContents(Map<String, Facts> tensors, Map<String, TensorView> views, int namedTwice) {}

    static PtContents pt(Path file) throws IOException {
        Walk walk = new Walk();
        Budget budget = new Budget(Limits.defaults());
        try (FileSource source = FileSource.open(file);
                Scratch scratch = Scratch.of(source.size(), Limits.defaults());
                Checkpoint checkpoint = Checkpoints.open(source, scratch, budget)) {
            Node root = new Sanitizer(Policy.standard(), new EventLog(), budget, scratch)
                    .sanitize(checkpoint)
                    .root();
            walk.visit(root, root instanceof TensorNode || root instanceof CompositeTensor ? "tensor" : "");
        }
        return new PtContents(walk.tensors, walk.views, walk.namedTwice);
    }

    /** Outputs of the corpus are shallow, so this may recurse. */
    private static final class Walk {
        private final Map<String, Facts> tensors = new LinkedHashMap<>();
        private final Map<String, TensorView> views = new LinkedHashMap<>();
        private int namedTwice;

        void visit(Node node, String path) throws IOException {
            if (node instanceof TensorNode tensor) {
                String name = path;
                while (tensors.containsKey(name)) {
                    name += "~";
                    namedTwice++;
                }
                TensorView view = tensor.view();
                views.put(name, view);
                tensors.put(name, Facts.of(view.dtype().torchName(), view.sizes(), TensorBytes.read(view)));
            } else if (node instanceof CompositeTensor composite) {
                for (CompositeTensor.Part part : composite.parts()) {
                    visit(part.node(), part.suffix().isEmpty() ? path : Names.join(path, part.suffix()));
                }
            } else if (node instanceof MapNode map) {
                for (MapNode.Entry entry : map.entries()) {
                    visit(entry.value(), Names.join(path, Names.component(entry.key())));
                }
            } else if (node instanceof ListNode list) {
                for (int i = 0; i < list.items().size(); i++) {
                    visit(list.items().get(i), Names.join(path, Integer.toString(i)));
                }
            }
        }
    }
}
