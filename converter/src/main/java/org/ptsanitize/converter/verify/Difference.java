package org.ptsanitize.converter.verify;

/**
 * One way in which a copy is not what the original is.
 *
 * @param name the tensor's name in the copy, or the one it should have
 * @param path its path in the original; empty if it has none there
 * @param detail what is different, a sentence without the tensor's name
 * @param element index of the first element that differs, such as {@code [3, 0]}; empty if it is not about bytes
 */
public record Difference(Kind kind, String name, String path, String detail, String element) {
    /** What is different. */
    public enum Kind {
        /** The copy lacks a tensor. */
        MISSING("missing"),
        /** The copy has a tensor that the original has not. */
        EXTRA("extra"),
        /** The element types differ. */
        DTYPE("dtype"),
        /** The shapes differ. */
        SHAPE("shape"),
        /** How the components make one tensor differs: a quantization axis, the size of a sparse tensor. */
        ATTRIBUTES("attributes"),
        /** The bytes differ. */
        BYTES("bytes");

        private final String text;

        Kind(String text) {
            this.text = text;
        }

        /** The name in reports. */
        public String text() {
            return text;
        }
    }
}
