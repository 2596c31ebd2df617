using TrustMesh.Agent.Statements;
using TrustMesh.Tests.Parts;
using TrustMesh.Tests.Trust;
using TrustMesh.Wire.Messages;
using TrustMesh.Wire.Peers;

namespace TrustMesh.Tests.Agent;

public sealed class MeshStatementsTests : IDisposable
{
    private static readonly Dictionary<string, string> Values = new() { ["/etc/pump.conf"] = "speed=3" };

    private readonly ManualTime time = new();
    private readonly PeerMesh mesh;
    private readonly KeptStatements kept;

    public MeshStatementsTests()
    {
        mesh = new(time);
        mesh.PublishReference(Values);
        kept = new(mesh);
    }

    [Fact]
    public void Everything_is_there_again_after_a_restart_without_a_silo()
    {
        kept.OpenFull().Dispose();
        using var again = kept.Open();
        Assert.Equal(("press-1", 1L, 1L, 1L), (again.Membership!.Name, again.Policy!.Policy.Serial, again.Status!.Value.Serial, again.Peers!.Value.Serial));
        Assert.Equal(mesh.Reference!.Serial, again.ReferenceFor(PeerMesh.Model)!.Values.Serial);
        Assert.True(again.IsCurrent(again.Now));
        Assert.Equal(StatusValue.Valid, again.StatusOf(again.Membership));
        Assert.DoesNotContain("<3>", kept.Log);
        Assert.DoesNotContain("<4>", kept.Log);
    }

    [Fact]
    public void The_root_of_trust_remembers_once_for_all_serials_that_rose_together_and_not_again_for_the_same()
    {
        using var statements = kept.Open();
        statements.Offer(mesh.Published());
        Assert.Equal(1, kept.Root.Remembered);
        statements.Offer(mesh.Published());
        statements.Offer(mesh.Published());
        Assert.Equal(1, kept.Root.Remembered);
        statements.Offer(new GossipStatements(mesh.Publish(policy => policy), mesh.Revoke(kept.Device), []));
        Assert.Equal(2, kept.Root.Remembered);
    }

    /// <summary>Fault table: each write of an offer fails, once before it reached the disk and once after; nothing is believed that a restart would not
    /// know, and the same offer succeeds later.</summary>
    [Theory]
    [InlineData(0, false)]
    [InlineData(0, true)]
    [InlineData(1, false)]
    [InlineData(1, true)]
    [InlineData(2, false)]
    [InlineData(2, true)]
    public void A_write_that_fails_leaves_the_old_statements_and_the_next_offer_takes_the_new(int write, bool persisted)
    {
        using var statements = kept.OpenFull();
        var newer = new GossipStatements(mesh.Publish(policy => policy), mesh.Revoke(kept.Device), [mesh.PublishReference(Values)]);
        (kept.Files.FailAfter, kept.Files.FailPersisted) = (write, persisted);
        Assert.Contains("could not be kept", Assert.Single(statements.Offer(newer)));
        Assert.Equal((write == 0 ? 1 : 2, write == 1 ? 1 : 2, write == 2 ? 1 : 2), Serials(statements));
        using (var restarted = kept.Open()) Assert.True(restarted.Policy is not null && restarted.Status is not null);

        Assert.Empty(statements.Offer(newer));
        Assert.Equal((2, 2, 2), Serials(statements));
        using var again = kept.Open();
        Assert.Equal((2, 2, 2), Serials(again));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void What_the_root_of_trust_did_not_remember_is_not_believed(bool persisted)
    {
        using var statements = kept.OpenFull();
        var newer = new GossipStatements(null, mesh.Revoke(kept.Device), []);
        (kept.Root.RememberFails, kept.Root.FailPersisted) = (true, persisted);
        Assert.Contains("does not remember", Assert.Single(statements.Offer(newer)));
        Assert.Equal(1, statements.Status!.Value.Serial);
        kept.Root.RememberFails = false;
        // A crash now: the file has the newer list, and the next start completes what was begun.
        using var again = kept.Open();
        Assert.Equal(StatusValue.Invalid, again.StatusOf(again.Membership!));
        Assert.Empty(statements.Offer(newer));
        Assert.Equal(2, statements.Status!.Value.Serial);
    }

    [Fact]
    public void Lists_that_were_never_seen_are_counted_also_over_a_restart()
    {
        using (var first = kept.OpenFull())
        {
            mesh.Revoke(kept.Device);
            mesh.Revoke(kept.Device);
            first.Offer(new GossipStatements(null, mesh.Revoke(kept.Device), []));
            Assert.Equal(2, first.Gaps);
        }
        mesh.Revoke(kept.Device);
        using var second = kept.Open();
        second.Offer(new GossipStatements(null, mesh.Revoke(kept.Device), []));
        Assert.Equal(1, second.Gaps);
    }

    [Fact]
    public void A_list_counts_as_enforced_only_when_whoever_acts_on_it_is_done()
    {
        using var statements = kept.OpenFull();
        var duringChange = 0L;
        statements.Changed += () => duringChange = statements.Enforced.Serial;
        statements.Offer(new GossipStatements(null, mesh.Revoke(kept.Device), []));
        Assert.Equal((1L, 2L), (duringChange, statements.Enforced.Serial));
    }

    [Fact]
    public void The_membership_with_the_latest_date_wins()
    {
        using var statements = kept.Open();
        var older = mesh.MembershipOf(kept.Device, member => member with { IssuedAt = member.IssuedAt - 60, Site = "bergen" });
        Assert.Empty(statements.OfferMembership(mesh.MembershipOf(kept.Device)));
        Assert.Contains("older", Assert.Single(statements.OfferMembership(older)));
        Assert.Equal("oslo", statements.Membership!.Site);
        Assert.Empty(statements.OfferMembership(mesh.MembershipOf(kept.Device, member => member with { IssuedAt = member.IssuedAt + 1, Site = "tromso" })));
        using var again = kept.Open();
        Assert.Equal("tromso", again.Membership!.Site);
    }

    [Fact]
    public void Reference_values_are_kept_for_its_own_model_and_those_of_peers_and_for_no_other()
    {
        using var statements = kept.OpenFull();
        var pump = mesh.PublishReference(Values, "pump");
        Assert.Empty(statements.Offer(new GossipStatements(null, null, [pump])));
        Assert.Null(statements.ReferenceFor("pump"));
        statements.Meet("pump");
        Assert.Contains(new ModelSerial("pump", 0), statements.References);
        Assert.Empty(statements.Offer(new GossipStatements(null, null, [pump])));
        Assert.NotNull(statements.ReferenceFor("pump"));
        using var again = kept.Open();
        Assert.NotNull(again.ReferenceFor("pump"));
    }

    [Fact]
    public void However_many_models_it_meets_32_are_kept_and_its_own_is_among_them()
    {
        using var statements = kept.OpenFull();
        for (var i = 0; i < 100; i++) statements.Meet($"model-{i}");
        Assert.Equal(32, statements.References.Count);
        Assert.Contains(statements.References, one => one.Model == PeerMesh.Model && one.Serial > 0);
        Assert.Contains(statements.References, one => one.Model == "model-99");
    }

    [Fact]
    public void A_clock_that_was_set_back_is_not_before_what_the_authority_signed()
    {
        using var statements = kept.OpenFull();
        var signed = DateTimeOffset.FromUnixTimeSeconds(statements.Status!.Value.IssuedAt);
        time.Advance(TimeSpan.FromHours(-2000));
        Assert.Equal(signed, statements.Now);
    }

    [Fact]
    public void A_device_that_joined_another_mesh_counts_its_serials_anew()
    {
        mesh.Revoke(kept.Device);
        mesh.Revoke(kept.Device);
        kept.OpenFull().Dispose();
        using var elsewhere = new PeerMesh(time);
        elsewhere.Enrol(kept.Root, "press-1");
        using var statements = kept.Open(elsewhere.AuthorityKey);
        Assert.Null(statements.Status);
        Assert.Empty(statements.Offer(elsewhere.Published()));
        Assert.Equal(1, statements.Status!.Value.Serial);
    }

    public void Dispose()
    {
        kept.Dispose();
        mesh.Dispose();
    }

    private static (long Policy, long Status, long Reference) Serials(MeshStatements statements)
        => (statements.Policy!.Policy.Serial, statements.Status!.Value.Serial, statements.ReferenceFor(PeerMesh.Model)!.Values.Serial);
}
