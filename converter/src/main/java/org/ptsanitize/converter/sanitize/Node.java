package org.ptsanitize.converter.sanitize;

/**
 * A node of the checkpoint tree: what is left of a Python value once every call has become data. The tree holds no tensor
 * bytes. Containers have identity: a node that several parents share is one object. There are no cycles; where the pickle
 * had one stands an {@link Absent}.
 */
public sealed interface Node
        permits Leaf,
                ComplexNumber,
                TorchConstant,
                ListNode,
                MapNode,
                TensorNode,
                CompositeTensor,
                AllowedNode,
                Absent {
    /** Whether a tensor can be reached from here. */
    default boolean holdsTensors() {
        return false;
    }
}
