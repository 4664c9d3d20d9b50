package org.ptsanitize.converter.sanitize;

/**
 * A value of the {@code torch} module that is data: an element type, a device or a layout.
 *
 * @param text {@code float32}, {@code cuda:0} or {@code torch.strided}
 */
public record TorchConstant(Kind kind, String text) implements Node {
    /** What the constant is. */
    public enum Kind {
        DTYPE,
        DEVICE,
        LAYOUT
    }
}
