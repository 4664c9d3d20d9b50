package org.ptsanitize.converter.sanitize;

/** A Python {@code complex}. */
public record ComplexNumber(double real, double imaginary) implements Node {}
