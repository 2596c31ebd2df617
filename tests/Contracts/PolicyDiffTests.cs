using TrustMesh.Contracts;

namespace TrustMesh.Tests.Contracts;

public sealed class PolicyDiffTests
{
    private static readonly PolicyView Policy = new(
        "default", 4, "sha256", [0, 7, 13], 13, 600, 60, ["tpm-quote", "software"], true, ["/var/lib/*.db"], [], "contraindicated", DateTimeOffset.UnixEpoch, DateTimeOffset.UnixEpoch.AddYears(1));

    [Fact]
    public void Lists_each_item_that_came_or_went_and_what_stayed()
    {
        var other = Policy with { Version = 5, Pcrs = [7, 13], Tiers = ["tpm-quote", "guardian"], MayChange = [], DeniedFirmware = ["0007005511cb0000"], Quorum = 0 };
        Assert.Equal(
            ["removed pcrs: 0", "removed tiers: software", "added tiers: guardian", "removed mayChange: /var/lib/*.db", "added deniedFirmware: 0007005511cb0000", "removed quorum: 3", "added quorum: 0"],
            PolicyDiff.Of(Policy, other).Where(line => line.Change != "same").Select(line => $"{line.Change} {line.Text}"));
        Assert.Contains(PolicyDiff.Of(Policy, other), line => line is { Change: "same", Text: "pcrs: 7" });
    }

    [Fact]
    public void A_signature_of_its_own_is_no_difference_and_back_is_the_other_way_round()
    {
        Assert.All(PolicyDiff.Of(Policy, Policy with { Version = 9, IssuedAt = DateTimeOffset.UtcNow }), line => Assert.Equal("same", line.Change));
        var other = Policy with { LifetimeSeconds = 900 };
        Assert.Equal(
            PolicyDiff.Of(Policy, other).Where(line => line.Change == "added").Select(line => line.Text), PolicyDiff.Of(other, Policy).Where(line => line.Change == "removed").Select(line => line.Text));
    }
}
