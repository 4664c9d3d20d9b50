package org.ptsanitize.converter.convert;

import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeSet;
import org.ptsanitize.converter.naming.NameWalk;
import org.ptsanitize.converter.naming.NamedView;
import org.ptsanitize.converter.naming.OutputNames;
import org.ptsanitize.converter.naming.Selection;
import org.ptsanitize.converter.report.Conversion;
import org.ptsanitize.converter.report.Event;
import org.ptsanitize.converter.report.EventLog;
import org.ptsanitize.converter.report.OutputTensor;
import org.ptsanitize.converter.restore.Origin;
import org.ptsanitize.converter.restore.Reading;
import org.ptsanitize.converter.restore.Restored;
import org.ptsanitize.converter.restore.Restorer;
import org.ptsanitize.converter.sanitize.MapNode;
import org.ptsanitize.converter.sanitize.Node;
import org.ptsanitize.converter.sanitize.Tree;
import org.ptsanitize.formats.bytes.Budget;
import org.ptsanitize.formats.bytes.ByteSink;
import org.ptsanitize.formats.bytes.FileFormatException;
import org.ptsanitize.formats.bytes.Limit;
import org.ptsanitize.formats.checkpoint.Checkpoint;
import org.ptsanitize.formats.tensor.Storage;

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
        try (Reading reading = open(input)) {
            return new Run(reading, output, format).convert();
        } catch (FileFormatException e) {
            throw e.in(input.toString());
        } catch (VerificationException e) {
            throw e.in(output.toString());
        }
    }

    private Reading open(Path input) throws IOException {
        return options.member().isPresent()
                ? Reading.openMember(input, options.member().get(), options.limits(), options.tempDirectory())
                : Reading.open(input, options.limits(), options.tempDirectory());
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
        private final Reading reading;
        private final Path output;
        private final OutputFormat format;
        private final EventLog log = new EventLog();
        private long outputSize;
        private boolean narrower;
        private final Budget budget;
        private final long atStart;

        Run(Reading reading, Path output, OutputFormat format) {
            this.reading = reading;
            this.budget = reading.budget();
            this.atStart = new Budget(options.limits()).left(Limit.MEMORY);
            this.output = output;
            this.format = format;
        }

        Conversion convert() throws IOException, NothingToConvertException, StrictException {
            Checkpoint checkpoint = reading.checkpoint();
            checkTarget(output);
            Restored restored = reading.tree(options.policy(), log);
            Tree plain = restored.tree();
            forgetPickles(checkpoint);
            boolean extend = extendsRoot(plain.root());
            Tree tree = extend ? plain.withOutside() : plain;
            Selection selection = select(tree.root(), restored.origin());
            narrower = isWeightsApart(tree.root());
            NameWalk walk = new NameWalk(log, budget);
            int plainEntries = extend ? ((MapNode) plain.root()).entries().size() : Integer.MAX_VALUE;
            List<NameWalk.Found> found = walk.walk(selection.root(), plainEntries);
            Unwritten.report(tree, selection, found, log);
            List<OutputNames.Named> named =
                    new OutputNames(options.naming(), selection.prefix(), known(restored), isFlat(), log).name(found);
            if (named.isEmpty()) {
                throw nothing(tree);
            }
            checkStrict();
            return format == OutputFormat.SAFETENSORS
                    ? safetensors(checkpoint, restored.origin(), selection, walk, named)
                    : pt(checkpoint, restored.origin(), selection, walk, named);
        }

        /** The output may replace no file that is read. */
        private void checkTarget(Path target) throws IOException {
            for (Path path : reading.input().opened()) {
                if (Files.exists(target) && Files.isSameFile(path, target)) {
                    throw new FileAlreadyExistsException(target.toString(), null, "is a part of the input");
                }
            }
        }

        /** Whether the whole is written, and {@code --weights} would write less. */
        private boolean isWeightsApart(Node root) {
            return options.select().isEmpty()
                    && !options.weights()
                    && !Selection.weights(root).left().isEmpty();
        }

        /** Whether the whole of a file is written, so that it may be named and described as it was. */
        private boolean isWhole() {
            return options.select().isEmpty() && !options.weights() && format == OutputFormat.SAFETENSORS;
        }

        /** Whether the output is names and tensors and nothing else, not the nested checkpoint. */
        private boolean isFlat() {
            return format == OutputFormat.SAFETENSORS
                    || options.naming().rewrites()
                    || options.metadata() == ConvertOptions.Metadata.NONE;
        }

        private Map<Node, String> known(Restored restored) {
            return isWhole() ? restored.origin().names() : Map.of();
        }

        /** The tree keeps the texts and storages of the pickles; about half of what they cost is free again. */
        private void forgetPickles(Checkpoint checkpoint) {
            if (Restorer.appliesTo(checkpoint)) {
                return;
            }
            checkpoint.forgetPickles();
            budget.releaseMemory((atStart - budget.left(Limit.MEMORY)) / 2);
        }

        /** Whether what hangs outside state dicts becomes part of the root; a selected part stays as it is. */
        private boolean extendsRoot(Node root) {
            boolean whole = !options.weights() && options.select().orElse(".").equals(".");
            return options.keepAttributes() && whole && root instanceof MapNode;
        }

        private Selection select(Node root, Origin origin) {
            if (isWhole() && origin.restored()) {
                return new Selection(root, origin.from(), origin.prefix(), List.of());
            }
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
                Checkpoint checkpoint, Origin origin, Selection selection, NameWalk walk, List<OutputNames.Named> named)
                throws IOException {
            SafetensorsPlan plan = SafetensorsPlan.of(named, options, log);
            SortedMap<String, String> metadata =
                    SafetensorsMetadata.of(origin, selection, walk, named, plan, options, log, budget);
            Path written = write(plan, metadata);
            noteChecksums(named);
            List<OutputTensor> tensors = new DescribedTensors(plan.tensors());
            return done(checkpoint, selection, written, tensors, plan.ties(), plan.aliases(), readers(plan));
        }

        /** Writes one file or several. Returns the one by which the output is read. */
        private Path write(SafetensorsPlan plan, SortedMap<String, String> metadata) throws IOException {
            List<SafetensorsPlan> shards = options.maxShardSize().isPresent()
                    ? ShardedOutput.split(plan, options.maxShardSize().getAsLong())
                    : List.of(plan);
            if (shards.size() > 1) {
                ShardedOutput sharded = new ShardedOutput(output, shards, metadata, options, reading.input());
                for (Path file : sharded.files()) {
                    checkTarget(file);
                }
                if (!options.dryRun()) {
                    sharded.write();
                    for (Path file : sharded.files()) {
                        outputSize += Files.size(file);
                    }
                }
                return sharded.index();
            }
            SafetensorsOutput single = SafetensorsOutput.of(plan, metadata);
            if (!options.dryRun()) {
                SameModel.refuseIndex(output);
                write(single::write, file -> OutputProof.safetensors(file, single, options));
            }
            return output;
        }

        private Conversion pt(
                Checkpoint checkpoint, Origin origin, Selection selection, NameWalk walk, List<OutputNames.Named> named)
                throws IOException {
            for (String key : origin.texts().keySet()) {
                log.add(Event.Kind.NOTE, key, "metadata", "a text in the file's metadata; a .pt has no place for it");
            }
            Node root = isFlat() ? PtSelection.flat(named) : PtSelection.pruned(selection.root(), walk, named, options);
            noteUnmet(root);
            Node form = new PtForm(log, walk.omitted()).apply(root);
            PtOutput written = PtOutput.of(form, options.keepParameters(), budget);
            if (!options.dryRun()) {
                write(written::write, file -> OutputProof.pt(file, written, options, budget.left(Limit.MEMORY)));
            }
            noteChecksums(named);
            List<OutputTensor> tensors = PtSelection.describe(named);
            return done(
                    checkpoint,
                    selection,
                    output,
                    tensors,
                    PtSelection.ties(named),
                    Map.of(),
                    List.of("loads with weights_only=True in PyTorch "
                            + written.needs().text() + " and later"));
        }

        /** Tells of each global that the user allows and of which there is nothing in the output. */
        private void noteUnmet(Node root) {
            if (!options.policy().expectsSome()) {
                return;
            }
            for (String global : options.policy().unmet(PtTree.allowed(root))) {
                log.addNote("", "--allow " + global + ": nothing of that name is in what is written");
            }
        }

        private void write(Content content, Proof proof) throws IOException {
            try (AtomicFile file = AtomicFile.create(output, options)) {
                fill(file, content);
                if (options.verify()) {
                    proof.check(file.temporary());
                }
                reading.input().checkUnchanged();
                file.commit();
            }
            outputSize = Files.size(output);
        }

        private void fill(AtomicFile file, Content content) throws IOException {
            try {
                content.writeTo(file.sink());
                file.flush();
            } catch (FileFormatException | FileSystemException | VerificationException e) {
                throw e;
            } catch (IOException e) {
                throw new IOException(output + ": cannot be written: " + e.getMessage(), e);
            }
        }

        /** PyTorch reads what is there, whatever an archive says of it; so does this, but it tells. */
        private void noteChecksums(List<OutputNames.Named> named) {
            Set<Storage> told = Collections.newSetFromMap(new IdentityHashMap<>());
            NamedView.forEach(named, view -> {
                Storage storage = view.view().storage();
                if (storage.bytes().isContradicted() && told.add(storage)) {
                    log.addNote(
                            view.path(),
                            "the CRC-32 of storage '" + storage.key() + "' is wrong; PyTorch does not look at it");
                }
            });
        }

        private Conversion done(
                Checkpoint checkpoint,
                Selection selection,
                Path file,
                List<OutputTensor> tensors,
                List<List<String>> ties,
                Map<String, String> aliases,
                List<String> needs) {
            boolean written = !options.dryRun();
            return new Conversion(
                    reading.input().path(),
                    reading.input().size(),
                    checkpoint.container(),
                    checkpoint.writer(),
                    file,
                    outputSize,
                    format.text(),
                    tensors,
                    selection.prefix(),
                    selection.from(),
                    ties,
                    aliases,
                    narrower,
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
