package org.ptsanitize.formats.safetensors;

import org.ptsanitize.formats.bytes.MalformedFileException;

/** Proves, tensor by tensor, that each begins where the one before ends, and that the last ends with the file. */
final class Coverage {
    private long end;

    void next(SafetensorsTensor tensor) throws MalformedFileException {
        if (tensor.begin() != end) {
            throw new MalformedFileException(
                    "tensor " + tensor + " starts at byte " + tensor.begin() + " of the data, " + end + " expected");
        }
        end = tensor.end();
    }

    void end(long dataLength) throws MalformedFileException {
        if (end != dataLength) {
            String missing = end > dataLength ? ": cut short, " + (end - dataLength) + " are missing" : "";
            throw new MalformedFileException(
                    "the tensors take " + end + " bytes, the file has " + dataLength + missing);
        }
    }
}
