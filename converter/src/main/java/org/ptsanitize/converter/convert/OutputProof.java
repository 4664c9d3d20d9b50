package org.ptsanitize.converter.convert;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import org.ptsanitize.converter.report.Escaped;
import org.ptsanitize.converter.report.EventLog;
import org.ptsanitize.converter.sanitize.Sanitizer;
import org.ptsanitize.converter.sanitize.Tree;
import org.ptsanitize.formats.bytes.Budget;
import org.ptsanitize.formats.bytes.FileFormatException;
import org.ptsanitize.formats.bytes.FileSource;
import org.ptsanitize.formats.bytes.Limit;
import org.ptsanitize.formats.bytes.LimitExceededException;
import org.ptsanitize.formats.bytes.Scratch;
import org.ptsanitize.formats.checkpoint.Checkpoint;
import org.ptsanitize.formats.checkpoint.PickledPart;
import org.ptsanitize.formats.checkpoint.TorchZip;
import org.ptsanitize.formats.pickle.GlobalUse;
import org.ptsanitize.formats.safetensors.SafetensorsHeader;
import org.ptsanitize.formats.safetensors.SafetensorsTensor;

/**
 * Proves an output before it gets its name. That every byte of the file is the one that was written, {@link FileSink} has
 * found by reading it back; here the file is opened anew by the strict rules, and each of its tensors has to be the range
 * that was written for it.
 */
final class OutputProof {
    private OutputProof() {}

    /** Every planned tensor is in the file with the planned type and shape and the source's bytes, and nothing else. */
    static void safetensors(Path file, SafetensorsOutput written, ConvertOptions options) throws IOException {
        try (FileSource source = FileSource.open(file)) {
            PlannedPlaces places = new PlannedPlaces(written);
            SafetensorsHeader.visit(source, new Budget(options.limits()), places);
            places.checkAllSeen();
        } catch (FileFormatException e) {
            throw new VerificationException("the output was read back and is not valid: " + e.getMessage());
        }
    }

    /** What has to be at each place of the file. No name comes twice: the layout has checked that of the planned ones. */
    private static final class PlannedPlaces implements SafetensorsHeader.Visitor {
        private final SafetensorsOutput written;
        private final List<PlannedTensor> plan;
        private int seen;

        PlannedPlaces(SafetensorsOutput written) {
            this.written = written;
            this.plan = written.plan().tensors();
        }

        @Override
        public void visit(SafetensorsTensor found, long start) throws VerificationException {
            if (seen < plan.size()) {
                int tensor = written.tensorAt(seen);
                PlannedTensor planned = plan.get(tensor);
                if (!found.name().equals(planned.name())
                        || found.type() != planned.type()
                        || !Arrays.equals(found.shape(), planned.shape())
                        || found.length() != planned.byteSize()
                        || start != written.start(tensor)) {
                    throw different(planned);
                }
            }
            seen++;
        }

        void checkAllSeen() throws VerificationException {
            if (seen != plan.size()) {
                throw new VerificationException(
                        "the output was read back and has " + seen + " tensors instead of " + plan.size());
            }
        }
    }

    private static VerificationException different(PlannedTensor tensor) {
        return new VerificationException("the output was read back and tensor '" + Escaped.text(tensor.name(), 200)
                + "' differs from the source");
    }

    /**
     * The archive reads back as the tree that was written, and names nothing that {@code weights_only} refuses. Tensors
     * that share a storage are compared with the source once more, by their digests.
     *
     * @param memory heap that may be used while the tree that was written is still held
     */
    static void pt(Path file, PtOutput written, ConvertOptions options, long memory) throws IOException {
        Budget budget = new Budget(options.limits().with(Limit.MEMORY, Math.max(0, memory)));
        try (FileSource source = FileSource.open(file);
                Scratch scratch = Scratch.of(source.size(), options.limits());
                Checkpoint archive = TorchZip.open(source, scratch, budget)) {
            for (PickledPart part : archive.parts()) {
                for (GlobalUse use : part.pickle().globals()) {
                    if (!WeightsOnly.accepts(use.global()) && !options.policy().allows(use.global())) {
                        throw new VerificationException("the output was read back and names "
                                + Escaped.text(use.global().dotted(), 200));
                    }
                }
            }
            Tree actual = new Sanitizer(options.policy(), new EventLog(), budget, scratch).sanitize(archive);
            TreeComparison.compare(written.root(), actual.root(), (left, right) -> written.storages()
                    .isWhereWritten(left, right, source));
        } catch (LimitExceededException e) {
            throw new VerificationException("reading the output back " + e.problem()
                    + "; give it more heap with PTSANITIZE_JAVA_OPTS=-Xmx…, or skip the proof with --no-verify");
        } catch (FileFormatException e) {
            throw new VerificationException("the output was read back and is not valid: " + e.getMessage());
        }
    }
}
