package org.ptsanitize.converter.verify;

import java.nio.file.Path;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.ptsanitize.converter.naming.NameOptions;
import org.ptsanitize.formats.bytes.Limits;

/**
 * Which tensors of the original are expected in the copy and under which names, where the copy itself does not tell.
 * Immutable; {@link #builder} starts from the defaults.
 */
public final class VerifyOptions {
    private final Builder values;

    private VerifyOptions(Builder values) {
        this.values = values;
    }

    public static Builder builder() {
        return new Builder();
    }

    /** The defaults. */
    public static VerifyOptions defaults() {
        return builder().build();
    }

    /** The part of the original that the copy holds; {@code .} is all of it; empty asks the copy. */
    public Optional<String> select() {
        return Optional.ofNullable(values.select);
    }

    /** Whether the copy holds only the model's weights. */
    public boolean weights() {
        return values.weights;
    }

    public NameOptions naming() {
        return values.naming;
    }

    /** Whether the copy also holds what hangs on modules outside their {@code state_dict()}. */
    public boolean keepAttributes() {
        return values.keepAttributes;
    }

    public Limits limits() {
        return values.limits;
    }

    /** Where temporary files of unpacked members go; empty for the system's place. */
    public Optional<Path> tempDirectory() {
        return Optional.ofNullable(values.tempDirectory);
    }

    /** Collects settings. */
    public static final class Builder implements Cloneable {
        private @Nullable String select;
        private boolean weights;
        private NameOptions naming = NameOptions.NONE;
        private boolean keepAttributes;
        private Limits limits = Limits.defaults();
        private @Nullable Path tempDirectory;

        private Builder() {}

        public Builder select(String path) {
            select = path;
            return this;
        }

        public Builder weights(boolean value) {
            weights = value;
            return this;
        }

        public Builder naming(NameOptions value) {
            naming = value;
            return this;
        }

        public Builder keepAttributes(boolean value) {
            keepAttributes = value;
            return this;
        }

        public Builder limits(Limits value) {
            limits = value;
            return this;
        }

        public Builder tempDirectory(Path value) {
            tempDirectory = value;
            return this;
        }

        /** @throws IllegalArgumentException if two options contradict each other */
        public VerifyOptions build() {
            if (weights && select != null) {
                throw new IllegalArgumentException("--weights and --select exclude each other");
            }
            try {
                return new VerifyOptions((Builder) clone());
            } catch (CloneNotSupportedException e) {
                throw new AssertionError(e);
            }
        }
    }
}
