using TrustMesh.Agent.Statements;
using TrustMesh.Tests.Agent;
using TrustMesh.Tests.Parts;
using TrustMesh.Tests.Trust;
using TrustMesh.Wire.Messages;
using TrustMesh.Wire.Peers;

namespace TrustMesh.Tests.Attacks;

/// <summary>Older, forged and withheld statements against a device that keeps its own.</summary>
public sealed class A30KeptStatementTests : IDisposable
{
    private readonly ManualTime time = new();
    private readonly PeerMesh mesh;
    private readonly KeptStatements kept;

    public A30KeptStatementTests()
    {
        mesh = new(time);
        mesh.PublishReference(new Dictionary<string, string> { ["/a"] = "1" });
        kept = new(mesh);
    }

    [Fact]
    public void A30_An_older_statement_is_refused_with_its_finding_and_changes_nothing()
    {
        using var statements = kept.OpenFull();
        var old = mesh.Published();
        var oldPeers = mesh.SignedPeers(kept.Device);
        statements.Offer(new GossipStatements(mesh.Publish(policy => policy), mesh.Revoke(kept.Device), [mesh.PublishReference(new Dictionary<string, string> { ["/a"] = "2" })]));
        statements.OfferPeers(mesh.SignedPeers(kept.Device));
        var problems = statements.OfferAnswer(new WatchAnswer(old.Policy, old.StatusList, oldPeers, old.References, []));
        Assert.Equal(["statement.serial: expected at least 2, got 1", "statement.serial: expected at least 2, got 1", "statement.serial: expected at least 3, got 2", "reference values of press: expected at least 2, got 1"], problems);
        Assert.Equal((2L, 2L, 3L, 2L), (statements.Policy!.Policy.Serial, statements.Status!.Value.Serial, statements.Peers!.Value.Serial, statements.ReferenceFor(PeerMesh.Model)!.Values.Serial));
    }

    [Fact]
    public void A30_A_state_directory_put_back_from_a_copy_is_noticed_and_nobody_is_trusted_by_it()
    {
        Dictionary<string, byte[]> copy;
        using (var statements = kept.OpenFull())
        {
            copy = kept.Copy();
            statements.Offer(new GossipStatements(null, mesh.Revoke(kept.Device), []));
        }
        kept.PutBack(copy);
        using var again = kept.Open();
        Assert.Null(again.Status);
        Assert.False(again.IsCurrent(again.Now));
        Assert.Null(again.StatusOf(again.Membership!));
        Assert.Contains("status-list.cbor is older than what this device's root of trust remembers (expected at least 2, got 1)", kept.Log);

        // Neither a peer with the old list makes it trust again, only one with a list it has not outgrown.
        Assert.Contains("expected at least 2", Assert.Single(again.Offer(new GossipStatements(null, copy[kept.Folder["state/" + StatementStore.StatusFile]], []))));
        Assert.Empty(again.Offer(new GossipStatements(null, mesh.SignedStatus(), [])));
        Assert.True(again.IsCurrent(again.Now));
    }

    [Theory]
    [InlineData(StatementStore.StatusFile)]
    [InlineData(StatementStore.PolicyFile)]
    public void A30_A_statement_that_was_deleted_leaves_everyone_unknown_and_is_named(string file)
    {
        kept.OpenFull().Dispose();
        File.Delete(kept.Folder["state/" + file]);
        using var again = kept.Open();
        Assert.False(again.IsCurrent(again.Now));
        Assert.Contains("every peer counts as unknown until they come again", kept.Log);
    }

    [Theory]
    [InlineData(StatementStore.StatusFile)]
    [InlineData(StatementStore.PolicyFile)]
    [InlineData(StatementStore.MembershipFile)]
    [InlineData(StatementStore.PeersFile)]
    [InlineData("reference-press.cbor")]
    public void A39_A_file_with_one_byte_changed_is_not_believed_and_does_not_stop_the_start(string file)
    {
        kept.OpenFull().Dispose();
        var bytes = File.ReadAllBytes(kept.Folder["state/" + file]);
        bytes[^70] ^= 1;
        File.WriteAllBytes(kept.Folder["state/" + file], bytes);
        using var again = kept.Open();
        var there = file switch
        {
            StatementStore.StatusFile => (object?)again.Status,
            StatementStore.PolicyFile => again.Policy,
            StatementStore.MembershipFile => again.Membership,
            StatementStore.PeersFile => again.Peers,
            _ => again.ReferenceFor(PeerMesh.Model),
        };
        Assert.Null(there);
        Assert.Contains($"{file} can not be used: statement.signature", kept.Log);
    }

    [Fact]
    public void A35_A_device_that_can_not_refresh_within_the_grace_judges_nobody_and_says_so_once()
    {
        mesh.Publish(policy => policy with { Peers = new(60, 3, 4) });
        using var statements = kept.OpenFull();
        var changes = 0;
        statements.Changed += () => changes++;
        time.Advance(TimeSpan.FromSeconds(59));
        Assert.True(statements.IsCurrent(statements.Now));
        time.Advance(TimeSpan.FromSeconds(2));
        Assert.False(statements.IsCurrent(statements.Now));
        Assert.Equal(1, changes);
        time.Advance(TimeSpan.FromHours(1));
        Assert.Equal(1, changes);
        Assert.Equal(2, kept.Log.Split("older than the policy's grace, or expired; every peer counts as unknown").Length);

        // The news of a peer ends it; the list it missed is counted, and its revocation is in force.
        mesh.Revoke(kept.Device);
        Assert.Empty(statements.Offer(new GossipStatements(null, mesh.SetStatus(kept.Device, StatusValue.Suspended), [])));
        Assert.True(statements.IsCurrent(statements.Now));
        Assert.Equal((1L, 2), (statements.Gaps, changes));
        Assert.Contains("Peers are judged again", kept.Log);
    }

    [Fact]
    public void A35_After_a_restart_the_grace_goes_on_from_the_lists_own_date_and_not_from_the_start()
    {
        mesh.Publish(policy => policy with { Peers = new(60, 3, 4) });
        kept.OpenFull().Dispose();
        time.Advance(TimeSpan.FromSeconds(61));
        using var again = kept.Open();
        Assert.NotNull(again.Status);
        Assert.False(again.IsCurrent(again.Now));
        Assert.Contains("every peer counts as unknown", kept.Log);
    }

    [Fact]
    public void A29_Without_a_policy_or_with_an_expired_one_nobody_is_judged()
    {
        using (var fresh = kept.Open())
        {
            fresh.Offer(new GossipStatements(null, mesh.SignedStatus(), []));
            Assert.False(fresh.IsCurrent(fresh.Now));
        }
        mesh.Publish(policy => policy with { ExpiresAt = policy.IssuedAt + 30 });
        using var statements = kept.OpenFull();
        Assert.True(statements.IsCurrent(statements.Now));
        time.Advance(TimeSpan.FromSeconds(31));
        Assert.False(statements.IsCurrent(statements.Now));
    }

    public void Dispose()
    {
        kept.Dispose();
        mesh.Dispose();
    }
}
