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

    private static final java.util.regex.Pattern DEVICE_TEXT =
            java.util.regex.Pattern.compile("[a-z]{1,20}(:[0-9]{1,4})?");

    /** Whether a constant of this kind can have this text. */
    public static boolean isValid(Kind kind, String text) {
        return switch (kind) {
            case DTYPE ->
                org.ptsanitize.formats.tensor.DType.ofTorchName(text)
                        .filter(dtype -> dtype.torchName().equals(text))
                        .isPresent();
            case DEVICE -> DEVICE_TEXT.matcher(text).matches();
            case LAYOUT -> Layouts.isKnown(text);
        };
    }
}
