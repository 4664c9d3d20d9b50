package org.ptsanitize.converter.sanitize;

import java.util.List;

/**
 * A tensor that is not one strided view: quantized, sparse or nested. It is its components, in a fixed order, plus the
 * plain values that say how they belong together.
 */
public final class CompositeTensor implements Node {
    /** How the components make one tensor. */
    public enum Kind {
        QUANTIZED("quantized"),
        SPARSE_COO("sparse_coo"),
        SPARSE_CSR("sparse_csr"),
        SPARSE_CSC("sparse_csc"),
        SPARSE_BSR("sparse_bsr"),
        SPARSE_BSC("sparse_bsc"),
        NESTED("nested"),
        JAGGED("jagged");

        private final String text;

        Kind(String text) {
            this.text = text;
        }

        /** The name in reports and metadata. */
        public String text() {
            return text;
        }
    }

    /** A component under its suffix: empty for the part that keeps the tensor's own name. */
    public record Part(String suffix, Node node) {}

    private final Kind kind;
    private final List<Part> parts;
    private final MapNode attributes;

    public CompositeTensor(Kind kind, List<Part> parts, MapNode attributes) {
        this.kind = kind;
        this.parts = List.copyOf(parts);
        this.attributes = attributes;
    }

    public Kind kind() {
        return kind;
    }

    public List<Part> parts() {
        return parts;
    }

    /** Plain values: {@code shape}, {@code qscheme}, {@code axis}, {@code is_coalesced}, as the kind has them. */
    public MapNode attributes() {
        return attributes;
    }

    /** The component with a suffix. */
    public Node part(String suffix) {
        for (Part part : parts) {
            if (part.suffix().equals(suffix)) {
                return part.node();
            }
        }
        throw new IllegalArgumentException("no component " + suffix + " in a " + kind.text() + " tensor");
    }

    @Override
    public boolean holdsTensors() {
        return true;
    }
}
