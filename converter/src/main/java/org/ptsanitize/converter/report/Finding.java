package org.ptsanitize.converter.report;

/**
 * Something in an input that would have run, or an object that PyTorch refuses by default. Calls are found wherever they
 * are in a pickle, reachable from its result or not.
 *
 * @param global the callable, module and name joined by a dot
 * @param part the pickle it is in, such as {@code data.pkl}
 * @param offset byte offset of the opcode in that pickle
 * @param detail the call in short, escaped; empty if the global is only named
 */
public record Finding(Severity severity, String global, String part, long offset, String detail) {}
