package org.ptsanitize.converter.convert;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import org.ptsanitize.converter.naming.NameOptions;
import org.ptsanitize.converter.naming.Rename;
import org.ptsanitize.converter.naming.Selection;
import org.ptsanitize.converter.policy.Policy;
import org.ptsanitize.formats.bytes.Limits;

/** How a conversion is done. Immutable; {@link #builder} starts from the defaults. */
public final class ConvertOptions {
    /** What happens to names that hold the same tensor, in safetensors. */
    public enum Tied {
        /** Every name is written. */
        DUPLICATE,
        /** One name is written, the others are recorded in the metadata. */
        DEDUPE
    }

    /** What an output holds beside the tensors. */
    public enum Metadata {
        /** The primitive tree: in the header of a safetensors file, as itself in a {@code .pt}. */
        ALL,
        /** Nothing: only {@code format} in a header, a flat mapping of names in a {@code .pt}. */
        NONE
    }

    /** What happens to two tensors of one name. */
    public enum OnCollision {
        /** The conversion is refused, naming both. */
        ERROR,
        /** Both are kept, the later ones with a number behind their name. */
        SUFFIX
    }

    private final Builder values;

    private ConvertOptions(Builder values) {
        this.values = values;
    }

    public static Builder builder() {
        return new Builder();
    }

    /** The defaults. */
    public static ConvertOptions defaults() {
        return builder().build();
    }

    /** A builder that starts from these options. */
    public Builder toBuilder() {
        return values.copy();
    }

    public Policy policy() {
        return values.policy;
    }

    public Limits limits() {
        return values.limits;
    }

    /** The subtree that is converted; {@code .} is the root; empty chooses by the rules of {@link Selection}. */
    public Optional<String> select() {
        return values.select;
    }

    /** The one checkpoint that is converted of a file that holds several, as if it were a file of its own. */
    public Optional<String> member() {
        return values.member;
    }

    /** Whether only the model's weights are converted. */
    public boolean weights() {
        return values.weights;
    }

    public List<String> include() {
        return List.copyOf(values.include);
    }

    public List<String> exclude() {
        return List.copyOf(values.exclude);
    }

    public List<String> stripPrefixes() {
        return List.copyOf(values.stripPrefixes);
    }

    public List<Rename> renames() {
        return List.copyOf(values.renames);
    }

    public Tied tied() {
        return values.tied;
    }

    public Metadata metadata() {
        return values.metadata;
    }

    public OnCollision onCollision() {
        return values.onCollision;
    }

    /** What the options say about names. */
    NameOptions naming() {
        return new NameOptions(
                values.include,
                values.exclude,
                values.stripPrefixes,
                values.renames,
                values.onCollision == OnCollision.SUFFIX);
    }

    /** Whether a {@code .pt} output marks the input's parameters as such. */
    public boolean keepParameters() {
        return values.keepParameters;
    }

    /** Whether tensors that hang on modules outside their {@code state_dict()} are written too, under their paths. */
    public boolean keepAttributes() {
        return values.keepAttributes;
    }

    /** Whether anything that would be lost refuses the file. */
    public boolean strict() {
        return values.strict;
    }

    /** Whether the output is read back and compared before it appears. */
    public boolean verify() {
        return values.verify;
    }

    /** Whether an existing output is replaced. */
    public boolean force() {
        return values.force;
    }

    /**
     * Whether an output is on the disk when a conversion returns. If not, it may still be in the system's memory alone,
     * and whoever asked for that flushes it, the folder's entry included.
     */
    public boolean durable() {
        return values.durable;
    }

    /** Whether nothing is written. */
    public boolean dryRun() {
        return values.dryRun;
    }

    /** Where temporary files of unpacked members go; empty for the system's place. */
    public Optional<Path> tempDirectory() {
        return values.tempDirectory;
    }

    /** Bytes of tensors in one safetensors file before the output is split; empty never splits. */
    public OptionalLong maxShardSize() {
        return values.maxShardSize;
    }

    /** Collects options. */
    public static final class Builder implements Cloneable {
        private Policy policy = Policy.standard();
        private Limits limits = Limits.defaults();
        private Optional<String> select = Optional.empty();
        private Optional<String> member = Optional.empty();
        private boolean weights;
        private List<String> include = new ArrayList<>();
        private List<String> exclude = new ArrayList<>();
        private List<String> stripPrefixes = new ArrayList<>();
        private List<Rename> renames = new ArrayList<>();
        private Tied tied = Tied.DUPLICATE;
        private Metadata metadata = Metadata.ALL;
        private OnCollision onCollision = OnCollision.ERROR;
        private boolean keepParameters;
        private boolean keepAttributes;
        private boolean strict;
        private boolean verify = true;
        private boolean force;
        private boolean durable = true;
        private boolean dryRun;
        private Optional<Path> tempDirectory = Optional.empty();
        private OptionalLong maxShardSize = OptionalLong.empty();

        private Builder() {}

        public Builder policy(Policy value) {
            policy = value;
            return this;
        }

        public Builder limits(Limits value) {
            limits = value;
            return this;
        }

        public Builder select(String path) {
            select = Optional.of(path);
            return this;
        }

        /** Converts this member alone; names of members of members are joined by slashes. */
        public Builder member(String name) {
            member = Optional.of(name);
            return this;
        }

        public Builder weights(boolean value) {
            weights = value;
            return this;
        }

        /** Keeps only tensors whose name matches one of these globs. */
        public Builder include(List<String> globs) {
            include = new ArrayList<>(globs);
            return this;
        }

        /** Leaves out tensors whose name matches one of these globs; they win over {@link #include}. */
        public Builder exclude(List<String> globs) {
            exclude = new ArrayList<>(globs);
            return this;
        }

        public Builder stripPrefixes(List<String> prefixes) {
            stripPrefixes = new ArrayList<>(prefixes);
            return this;
        }

        public Builder renames(List<Rename> values) {
            renames = new ArrayList<>(values);
            return this;
        }

        public Builder tied(Tied value) {
            tied = value;
            return this;
        }

        public Builder metadata(Metadata value) {
            metadata = value;
            return this;
        }

        public Builder onCollision(OnCollision value) {
            onCollision = value;
            return this;
        }

        public Builder keepParameters(boolean value) {
            keepParameters = value;
            return this;
        }

        public Builder keepAttributes(boolean value) {
            keepAttributes = value;
            return this;
        }

        public Builder strict(boolean value) {
            strict = value;
            return this;
        }

        public Builder verify(boolean value) {
            verify = value;
            return this;
        }

        public Builder force(boolean value) {
            force = value;
            return this;
        }

        public Builder durable(boolean value) {
            durable = value;
            return this;
        }

        public Builder dryRun(boolean value) {
            dryRun = value;
            return this;
        }

        /** @throws IllegalArgumentException if the size is not positive */
        public Builder maxShardSize(long bytes) {
            if (bytes <= 0) {
                throw new IllegalArgumentException("a shard has at least one byte: " + bytes);
            }
            maxShardSize = OptionalLong.of(bytes);
            return this;
        }

        public Builder tempDirectory(Path value) {
            tempDirectory = Optional.of(value);
            return this;
        }

        /** @throws IllegalArgumentException if two options contradict each other */
        public ConvertOptions build() {
            if (weights && select.isPresent()) {
                throw new IllegalArgumentException("--weights and --select exclude each other");
            }
            return new ConvertOptions(copy());
        }

        private Builder copy() {
            try {
                return (Builder) clone();
            } catch (CloneNotSupportedException e) {
                throw new AssertionError(e);
            }
        }
    }
}
