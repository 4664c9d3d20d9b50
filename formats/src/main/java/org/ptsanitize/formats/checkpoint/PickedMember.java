package org.ptsanitize.formats.checkpoint;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.ptsanitize.formats.bytes.Printable;
import org.ptsanitize.formats.bytes.UnsupportedFileException;

/** One member of a file that holds several checkpoints, as if it were a file of its own. */
final class PickedMember implements Checkpoint {
    private static final int MOST_NAMES = 5;

    private final Checkpoint whole;
    private final Checkpoint member;
    private final String path;

    private PickedMember(Checkpoint whole, Checkpoint member, String path) {
        this.whole = whole;
        this.member = member;
        this.path = path;
    }

    /**
     * The member at a path: names of members of members are joined by slashes. Takes over the whole.
     *
     * @throws UnsupportedFileException if there is none
     */
    static PickedMember of(Checkpoint whole, String path) throws UnsupportedFileException {
        Checkpoint at = whole;
        String rest = path;
        while (!rest.isEmpty()) {
            Member next = next(at, rest);
            at = next.checkpoint();
            rest = rest.equals(next.name()) ? "" : rest.substring(next.name().length() + 1);
        }
        return new PickedMember(whole, at, path);
    }

    private static Member next(Checkpoint at, String path) throws UnsupportedFileException {
        for (Member member : at.members()) {
            if (path.equals(member.name()) || path.startsWith(member.name() + "/")) {
                return member;
            }
        }
        List<String> names = new ArrayList<>();
        at.members().stream().limit(MOST_NAMES).forEach(member -> names.add(Printable.quote(member.name())));
        int more = at.members().size() - names.size();
        throw new UnsupportedFileException(
                "no member " + Printable.quote(path),
                "",
                names.isEmpty()
                        ? "it is one checkpoint; leave out --member"
                        : "name one of " + String.join(", ", names) + (more > 0 ? " and " + more + " more" : ""));
    }

    @Override
    public Container container() {
        return member.container();
    }

    @Override
    public String writer() {
        return (member.writer().isEmpty() ? "" : member.writer() + ", ") + "member " + Printable.quote(path);
    }

    @Override
    public List<PickledPart> parts() {
        return member.parts();
    }

    @Override
    public void forgetPickles() {
        whole.forgetPickles();
    }

    @Override
    public List<NamedTensor> tensors() {
        return member.tensors();
    }

    @Override
    public List<Member> members() {
        return member.members();
    }

    @Override
    public List<Member> outside() {
        return member.outside();
    }

    @Override
    public Map<String, String> metadata() {
        return member.metadata();
    }

    @Override
    public List<String> notes() {
        return member.notes();
    }

    @Override
    public void close() throws IOException {
        whole.close();
    }
}
