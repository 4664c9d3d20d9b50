package org.ptsanitize.formats.bytes;

/** The file asks for more work or memory than the limits allow. The message names the limit's flag. */
public final class LimitExceededException extends FileFormatException {
    private static final long serialVersionUID = 1L;

    private final Limit limit;

    public LimitExceededException(Limit limit, long allowed, String where) {
        super(
                "needs more than the limit of " + limit.describe(allowed),
                where,
                "raise " + limit.flag() + (limit == Limit.MEMORY ? " and the heap (PTSANITIZE_JAVA_OPTS=-Xmx…)" : "")
                        + " if you trust this file");
        this.limit = limit;
    }

    public Limit limit() {
        return limit;
    }
}
