package org.ptsanitize.converter.verify;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.ptsanitize.converter.naming.NameOptions;
import org.ptsanitize.converter.restore.Reading;
import org.ptsanitize.formats.bytes.FileFormatException;
import org.ptsanitize.formats.bytes.Limit;
import org.ptsanitize.formats.bytes.Limits;

/**
 * Proves that one checkpoint holds the tensors of another: the same names, element types, shapes and bytes, and no others.
 * Both may be of any kind that can be read. Bytes are compared, so a NaN is the same as itself, and differs from a NaN of
 * other bits. What a conversion did to names and forms is read from the copy; options say it where the copy does not.
 *
 * <pre>{@code
 * Verification proof = new Verifier(VerifyOptions.defaults()).verify(Path.of("model.pt"), Path.of("model.safetensors"));
 * if (!proof.isSame()) {
 *     System.err.println(proof.differences().get(0));
 * }
 * }</pre>
 *
 * Nothing here shares code with what writes outputs.
 */
public final class Verifier {
    private final VerifyOptions options;

    public Verifier(VerifyOptions options) {
        this.options = options;
    }

    /**
     * Compares two checkpoints.
     *
     * @throws FileFormatException if one of them cannot be read as a checkpoint
     * @throws IllegalArgumentException if the options select a part that the original does not have
     */
    public Verification verify(Path original, Path copy) throws IOException {
        try (Reading ofCopy = open(copy, options.limits())) {
            Side right = side(ofCopy, copy);
            try (Reading ofOriginal = open(original, remaining(ofCopy))) {
                Side left = side(ofOriginal, original);
                Side.Part part = left.expected(options, right.origin());
                Pairing pairing = Pairing.of(
                        left.holdings(part, options.naming()), right.holdings(right.whole(), NameOptions.NONE));
                check(List.of(pairing.left(), pairing.right()), copy);
                return new TensorComparison(pairing, original.toString(), copy.toString())
                        .compare(part.from(), notes(left, original, right, copy));
            }
        }
    }

    /**
     * Compares a checkpoint with digests taken earlier of another.
     *
     * @throws FileFormatException if the checkpoint cannot be read
     */
    public Verification verify(TensorDigests digests, String digestsName, Path copy) throws IOException {
        try (Reading ofCopy = open(copy, options.limits())) {
            Side right = side(ofCopy, copy);
            Pairing pairing = Pairing.of(
                    digests.holdings(right.origin().from()), right.holdings(right.whole(), NameOptions.NONE));
            check(List.of(pairing.right()), copy);
            return new TensorComparison(pairing, digestsName, copy.toString()).compare("", right.notes());
        }
    }

    /**
     * SHA-256 of every tensor of a checkpoint, under the names and paths it has in a copy.
     *
     * @throws FileFormatException if it cannot be read as a checkpoint
     * @throws IllegalArgumentException if the options select a part that it does not have
     */
    public TensorDigests digests(Path original) throws IOException {
        try (Reading reading = open(original, options.limits())) {
            Side side = side(reading, original);
            Side.Part part = side.expected(options, side.origin());
            List<Holding> ways = side.holdings(part, options.naming());
            check(ways.subList(ways.size() - 1, ways.size()), original);
            return TensorDigests.of(ways, part.from());
        }
    }

    private void check(List<Holding> sides, Path path) throws FileFormatException {
        try {
            WorkLimit.check(sides, options.limits());
        } catch (FileFormatException e) {
            throw e.in(path.toString());
        }
    }

    private Reading open(Path path, Limits limits) throws IOException {
        try {
            return Reading.open(path, limits, options.tempDirectory());
        } catch (FileFormatException e) {
            throw e.in(path.toString());
        }
    }

    /** The second file is read while the first one's tree is held. */
    private static Limits remaining(Reading first) {
        Limits limits = first.budget().limits();
        return limits.with(Limit.MEMORY, Math.max(0, first.budget().left(Limit.MEMORY)));
    }

    private static Side side(Reading reading, Path path) throws IOException {
        try {
            return Side.of(reading);
        } catch (FileFormatException e) {
            throw e.in(path.toString());
        }
    }

    private static List<String> notes(Side left, Path original, Side right, Path copy) {
        return Stream.concat(
                        left.notes().stream().map(note -> original + ": " + note),
                        right.notes().stream().map(note -> copy + ": " + note))
                .toList();
    }
}
