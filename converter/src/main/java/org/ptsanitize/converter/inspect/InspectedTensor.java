package org.ptsanitize.converter.inspect;

import java.util.List;

/**
 * A tensor as its file describes it, or a component of one that has several.
 *
 * @param name the name a conversion gives it by default
 * @param path its path from the root of the checkpoint
 * @param dtype its element type as PyTorch calls it, such as {@code float32}
 * @param shape its sizes
 * @param bytes the bytes of its elements, written one after another
 * @param kind what it is a component of, such as {@code quantized} or {@code sparse_coo}; empty for a plain tensor
 * @param storage number of its storage: tensors with the same number share memory
 * @param storageBytes the bytes of that storage
 * @param offset the byte of the storage at which its first element lies
 * @param contiguous whether its elements lie one after another
 */
public record InspectedTensor(
        String name,
        String path,
        String dtype,
        List<Long> shape,
        long bytes,
        String kind,
        int storage,
        long storageBytes,
        long offset,
        boolean contiguous) {}
