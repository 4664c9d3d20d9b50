package org.ptsanitize.converter.convert;

/** Releases of PyTorch between which {@code weights_only} learned something that an output may need. */
enum TorchVersion {
    V1_13("1.13"),
    V2_2("2.2"),
    V2_4("2.4"),
    V2_5("2.5"),
    V2_6("2.6"),
    V2_8("2.8"),
    V2_14("2.14");

    private final String text;

    TorchVersion(String text) {
        this.text = text;
    }

    String text() {
        return text;
    }

    /** The later of the two. */
    TorchVersion and(TorchVersion other) {
        return compareTo(other) >= 0 ? this : other;
    }
}
