using TrustMesh.Contracts;
using TrustMesh.Dashboard.Model;

namespace TrustMesh.Tests.Dashboard;

public sealed class PeerPictureTests
{
    private static readonly DateTimeOffset Now = new(2026, 1, 2, 3, 4, 5, TimeSpan.Zero);

    [Fact]
    public void Examiners_are_left_the_examined_right_the_worst_first_and_a_sentence_says_it_all()
    {
        var picture = PeerPicture.Of("me", "press-1",
            [Edge("a", "me"), Edge("b", "me", "contraindicated"), Edge("me", "a"), Edge("me", "c", late: true), Edge("me", "d", "warning"), Edge("x", "y")],
            id => id == "a" ? Looks.Stale : id == "b" ? Looks.Revoked : null, Now);

        Assert.Equal([("b", Looks.Revoked, Looks.Contraindicated), ("a", Looks.Stale, Looks.Trusted)], picture.Examiners.Select(peer => (peer.Id, peer.Look, peer.Said)));
        Assert.Equal([("c", Looks.Stale), ("d", Looks.Warning), ("a", Looks.Trusted)], picture.Examined.Select(peer => (peer.Id, peer.Said)));
        Assert.Equal("2 devices examined press-1: 1 contraindicated, 1 trusted. It examined 3 devices: 1 stale, 1 warning, 1 trusted.", picture.Summary);
        Assert.Equal(["failed", "good"], picture.Examiners.Select(peer => EdgeText.Line(peer.Said)));
        Assert.Equal(["dashed", "warned", "good"], picture.Examined.Select(peer => EdgeText.Line(peer.Said)));
        // Both sides around the middle, a line apart.
        Assert.Equal(PeerPicture.Least, picture.Height);
        Assert.Equal([33, 63], picture.Examiners.Select(peer => peer.Y));
        Assert.Equal([18, 48, 78], picture.Examined.Select(peer => peer.Y));
    }

    [Fact]
    public void A_side_has_so_many_at_most_the_worst_and_the_sentence_counts_all()
    {
        var picture = PeerPicture.Of("me", "a\u202eb", [.. Enumerable.Range(0, 100).Select(i => Edge($"p{i:000}", "me", i == 99 ? "contraindicated" : "affirming"))], _ => null, Now);
        Assert.Equal((PeerPicture.MostOnASide, 100, 0, PeerPicture.MostOnASide * PeerPicture.Row), (picture.Examiners.Count, picture.AllExaminers, picture.AllExamined, picture.Height));
        Assert.Equal("p099", picture.Examiners[0].Id);
        Assert.Equal("100 devices examined a\uFFFDb: 1 contraindicated, 99 trusted. It has examined nobody.", picture.Summary);
    }

    private static PeerEdge Edge(string from, string to, string status = "affirming", bool late = false)
        => new(from, from, to, to, status, "tpm-quote", true, Now.AddMinutes(-2), Now.AddMinutes(late ? -1 : 1), false);
}
