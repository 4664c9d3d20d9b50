package org.ptsanitize.converter.convert;

import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeSet;
import org.ptsanitize.converter.report.Conversion;
import org.ptsanitize.converter.report.Event;
import org.ptsanitize.converter.report.EventLog;
import org.ptsanitize.converter.report.OutputTensor;
import org.ptsanitize.converter.sanitize.MapNode;
import org.ptsanitize.converter.sanitize.Node;
import org.ptsanitize.converter.sanitize.Sanitizer;
import org.ptsanitize.converter.sanitize.Tree;
import org.ptsanitize.formats.bytes.Budget;
import org.ptsanitize.formats.bytes.ByteSink;
import org.ptsanitize.formats.bytes.FileFormatException;
import org.ptsanitize.formats.bytes.FileSource;
import org.ptsanitize.formats.bytes.Limit;
import org.ptsanitize.formats.bytes.Scratch;
import org.ptsanitize.formats.checkpoint.Checkpoint;
import org.ptsanitize.formats.checkpoint.Checkpoints;
import org.ptsanitize.formats.safetensors.SafetensorsEntry;
import org.ptsanitize.formats.safetensors.SafetensorsLayout;
import org.ptsanitize.formats.tensor.TensorBytes;

/**
 * Converts one checkpoint: container, symbolic pickle, tree, plan, writer, proof. Nothing in the input is executed,
 * imported or opened by name. The output appears under its name only when it is complete and proven.
 */
public final class Converter {
    private final ConvertOptions options;

    public Converter(ConvertOptions options) {
        this.options = options;
    }

    /**
     * Converts a file.
     *
     * @throws FileFormatException if the input cannot be read as a checkpoint; nothing is written
     * @throws NothingToConvertException if there is no tensor to write
     * @throws StrictException if something would be lost and the options forbid that
     * @throws FileAlreadyExistsException if the output exists and may not be replaced, or is the input
     * @throws VerificationException if the output, read back, is not what it should be; it does not appear
     * @throws IOException if reading or writing fails; nothing is left behind
     */
    public Conversion convert(Path input, Path output, OutputFormat format)
            throws IOException, NothingToConvertException, StrictException {
        checkPlaces(input, output);
        try (FileSource source = FileSource.open(input);
                Scratch scratch = scratch(source.size())) {
            return new Run(source, scratch, output, format).convert();
        } catch (FileFormatException e) {
            throw e.in(input.toString());
        } catch (SafetensorsMetadata.MetadataTooLarge e) {
            throw e.limitExceeded().in(input.toString());
        }
    }

    private Scratch scratch(long size) {
        return options.tempDirectory().isPresent()
                ? Scratch.in(options.tempDirectory().get(), size, options.limits())
                : Scratch.of(size, options.limits());
    }

    private void checkPlaces(Path input, Path output) throws IOException {
        if (Files.exists(output) && Files.exists(input) && Files.isSameFile(input, output)) {
            throw new FileAlreadyExistsException(output.toString(), null, "is the input itself");
        }
        if (!options.dryRun()) {
            AtomicFile.check(output, options.force());
        }
    }

    /** One conversion under way. */
    private final class Run {
        private final FileSource source;
        private final Scratch scratch;
        private final Path output;
        private final OutputFormat format;
        private final EventLog log = new EventLog();
        private final Budget budget = new Budget(options.limits());

        Run(FileSource source, Scratch scratch, Path output, OutputFormat format) {
            this.source = source;
            this.scratch = scratch;
            this.output = output;
            this.format = format;
        }

        Conversion convert() throws IOException, NothingToConvertException, StrictException {
            long atStart = budget.left(Limit.MEMORY);
            try (Checkpoint checkpoint = Checkpoints.open(source, scratch, budget)) {
                Tree plain = new Sanitizer(options.policy(), log, budget, scratch).sanitize(checkpoint);
                forgetPickles(checkpoint, atStart);
                boolean extend = extendsRoot(plain.root());
                Tree tree = extend ? plain.withOutside() : plain;
                Selection selection = select(tree.root());
                NameWalk walk = new NameWalk(log, budget);
                int plainEntries = extend ? ((MapNode) plain.root()).entries().size() : Integer.MAX_VALUE;
                List<NameWalk.Found> found = walk.walk(selection.root(), plainEntries);
                Unwritten.report(tree, selection, found, log);
                List<OutputNames.Named> named = new OutputNames(options, selection.prefix(), log).name(found);
                if (named.isEmpty()) {
                    throw nothing(tree);
                }
                checkStrict();
                return format == OutputFormat.SAFETENSORS
                        ? safetensors(checkpoint, selection, walk, named)
                        : pt(checkpoint, selection, walk, named);
            }
        }

        /** The tree keeps the texts and storages of the pickles; about half of what they cost is free again. */
        private void forgetPickles(Checkpoint checkpoint, long atStart) {
            checkpoint.forgetPickles();
            budget.releaseMemory((atStart - budget.left(Limit.MEMORY)) / 2);
        }

        /** Whether what hangs outside state dicts becomes part of the root; a selected part stays as it is. */
        private boolean extendsRoot(Node root) {
            boolean whole = !options.weights() && options.select().orElse(".").equals(".");
            return options.keepAttributes() && whole && root instanceof MapNode;
        }

        private Selection select(Node root) {
            if (options.select().isPresent()) {
                return Selection.path(root, options.select().get());
            }
            if (options.weights()) {
                return Selection.weights(root);
            }
            return format == OutputFormat.SAFETENSORS ? Selection.unwrapped(root) : Selection.whole(root);
        }

        private NothingToConvertException nothing(Tree tree) {
            return new NothingToConvertException(
                    tree.root().holdsTensors()
                            ? "no tensor is left: the options select none"
                            : "no tensors in it, so there is nothing to convert");
        }

        private void checkStrict() throws StrictException {
            if (!options.strict()) {
                return;
            }
            List<String> lost = new ArrayList<>();
            for (Event.Kind kind : List.of(
                    Event.Kind.DROPPED,
                    Event.Kind.STUBBED,
                    Event.Kind.CUT,
                    Event.Kind.REPLACED,
                    Event.Kind.NO_DATA,
                    Event.Kind.OUTSIDE_STATE_DICT)) {
                for (Map.Entry<String, Long> entry : log.counts(kind).entrySet()) {
                    lost.add(kind.text() + " " + entry.getKey());
                }
            }
            if (!lost.isEmpty()) {
                String more = lost.size() > 5 ? " and " + (lost.size() - 5) + " more" : "";
                throw new StrictException(
                        "--strict: would lose " + String.join(", ", lost.subList(0, Math.min(5, lost.size()))) + more);
            }
        }

        private Conversion safetensors(
                Checkpoint checkpoint, Selection selection, NameWalk walk, List<OutputNames.Named> named)
                throws IOException {
            SafetensorsPlan plan = SafetensorsPlan.of(named, options, log);
            SortedMap<String, String> metadata =
                    SafetensorsMetadata.of(selection, walk, named, plan, options, log, budget);
            List<SafetensorsEntry> entries = new ArrayList<>(plan.tensors().size());
            for (PlannedTensor tensor : plan.tensors()) {
                entries.add(new SafetensorsEntry(tensor.name(), tensor.type(), tensor.shape()));
            }
            SafetensorsLayout layout = SafetensorsLayout.of(metadata, entries);
            if (!options.dryRun()) {
                write(
                        out -> {
                            layout.writeHeader(out);
                            for (int i = 0; i < layout.tensors().size(); i++) {
                                TensorBytes.write(
                                        plan.tensors().get(layout.inputIndex(i)).view(), out);
                            }
                        },
                        file -> Verifier.safetensors(file, plan, options));
            }
            List<OutputTensor> tensors = new DescribedTensors(plan.tensors());
            return done(checkpoint, selection, tensors, plan.ties(), plan.aliases(), readers(plan));
        }

        private Conversion pt(Checkpoint checkpoint, Selection selection, NameWalk walk, List<OutputNames.Named> named)
                throws IOException {
            Node root = OutputNames.rewrite(options)
                    ? PtSelection.flat(named)
                    : PtSelection.pruned(selection.root(), walk, named, options);
            Node form = new PtForm(log, walk.omitted()).apply(root);
            PtOutput written = PtOutput.of(form, options.keepParameters(), budget);
            if (!options.dryRun()) {
                write(written::write, file -> Verifier.pt(file, form, options, budget.left(Limit.MEMORY)));
            }
            List<OutputTensor> tensors = PtSelection.describe(named);
            return done(
                    checkpoint,
                    selection,
                    tensors,
                    PtSelection.ties(named),
                    Map.of(),
                    List.of("loads with weights_only=True in PyTorch "
                            + written.needs().text() + " and later"));
        }

        private void write(Content content, Proof proof) throws IOException {
            try (AtomicFile file = AtomicFile.create(output, options.force())) {
                content.writeTo(file.sink());
                file.flush();
                if (options.verify()) {
                    proof.check(file.temporary());
                }
                file.commit();
            }
        }

        private Conversion done(
                Checkpoint checkpoint,
                Selection selection,
                List<OutputTensor> tensors,
                List<List<String>> ties,
                Map<String, String> aliases,
                List<String> needs)
                throws IOException {
            boolean written = !options.dryRun();
            return new Conversion(
                    source.path(),
                    source.size(),
                    checkpoint.container(),
                    checkpoint.writer(),
                    output,
                    written ? Files.size(output) : 0,
                    format.text(),
                    tensors,
                    selection.prefix(),
                    selection.from(),
                    ties,
                    aliases,
                    needs,
                    written && options.verify(),
                    written,
                    log);
        }
    }

    /** Writes the bytes of an output. */
    @FunctionalInterface
    private interface Content {
        void writeTo(ByteSink out) throws IOException;
    }

    /** Checks an output under its temporary name. */
    @FunctionalInterface
    private interface Proof {
        void check(Path file) throws IOException;
    }

    /** One sentence for each element type that older readers do not know. */
    private static List<String> readers(SafetensorsPlan plan) {
        Set<String> needs = new TreeSet<>();
        for (PlannedTensor tensor : plan.tensors()) {
            if (tensor.type().isRecent()) {
                needs.add(tensor.type() + " needs safetensors " + tensor.type().since() + " or later to read");
            }
        }
        return List.copyOf(needs);
    }
}
