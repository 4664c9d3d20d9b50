package org.ptsanitize.properties.generate;

import java.util.Optional;
import org.ptsanitize.formats.tensor.DType;

/** The memory of some tensors, all of one type. Compared by identity. */
public final class SampleStorage {
    private final DType dtype;
    private final boolean untyped;
    private final byte[] littleEndian;
    private final Optional<SampleStorage> root;
    private final int rootOffset;

    private SampleStorage(
            DType dtype, boolean untyped, byte[] littleEndian, Optional<SampleStorage> root, int rootOffset) {
        this.dtype = dtype;
        this.untyped = untyped;
        this.littleEndian = littleEndian;
        this.root = root;
        this.rootOffset = rootOffset;
    }

    /** A storage that a pickle names by its type, or as untyped bytes; types without a storage class are always untyped. */
    static SampleStorage of(DType dtype, boolean untyped, byte[] littleEndian) {
        return new SampleStorage(dtype, untyped || !dtype.hasStorageClass(), littleEndian, Optional.empty(), 0);
    }

    /** A range of this storage, in elements, as a storage that old files can name by itself. */
    SampleStorage part(int offset, int elements) {
        byte[] bytes = new byte[elements * dtype.size()];
        System.arraycopy(littleEndian, offset * dtype.size(), bytes, 0, bytes.length);
        return new SampleStorage(dtype, untyped, bytes, Optional.of(this), offset);
    }

    public DType dtype() {
        return dtype;
    }

    boolean untyped() {
        return untyped;
    }

    public byte[] littleEndian() {
        return littleEndian;
    }

    /** The bytes with every number reversed. */
    byte[] bigEndian() {
        int unit = dtype.swapUnit();
        byte[] swapped = new byte[littleEndian.length];
        for (int i = 0; i < swapped.length; i++) {
            swapped[i] = littleEndian[i - i % unit + unit - 1 - i % unit];
        }
        return swapped;
    }

    /** Length in elements of the type. */
    public int elements() {
        return littleEndian.length / dtype.size();
    }

    /** What persistent ids count: elements of the type, or bytes where the storage is untyped. */
    int unitsOf(int elements) {
        return untyped ? elements * dtype.size() : elements;
    }

    /** The storage this one is a part of. */
    Optional<SampleStorage> root() {
        return root;
    }

    /** Where this part begins in its root, in elements. */
    int rootOffset() {
        return rootOffset;
    }

    /** The class a persistent id names. */
    Sample.Global type() {
        return untyped
                ? new Sample.Global("torch.storage", "UntypedStorage")
                : new Sample.Global("torch", dtype.storageClass());
    }
}
