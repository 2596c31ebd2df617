using System.Net;
using TrustMesh.Agent.Admission;
using TrustMesh.Tests.Trust;
using TrustMesh.Wire.Messages;

namespace TrustMesh.Tests.Agent;

public sealed class AddressLedgerTests
{
    private static readonly TimeSpan Lifetime = TimeSpan.FromMinutes(5);
    private static readonly IPAddress Five = IPAddress.Parse("10.0.0.5"), Six = IPAddress.Parse("10.0.0.6");
    private readonly SetClock time = new();
    private readonly AddressLedger ledger;

    public AddressLedgerTests() => ledger = new(time);

    private DateTimeOffset Now => time.GetUtcNow();

    [Fact]
    public void An_address_is_in_from_the_handshake_at_it_until_the_judgement_ends()
    {
        var peer = SomePeer.Named("a").Judged(TrustTier.Affirming, Now, Lifetime);
        Assert.Equal(Lifetime, Left(Assert.Single(ledger.From([peer])).Value));
        time.Pass(Lifetime);
        Assert.Empty(ledger.From([peer]));
    }

    [Theory]
    [InlineData(TrustTier.None)]
    [InlineData(TrustTier.Contraindicated)]
    public void A_peer_that_is_not_accepted_is_nowhere_in(TrustTier status)
    {
        var peer = SomePeer.Named("a").Judged(TrustTier.Affirming, Now, Lifetime);
        Assert.Single(ledger.From([peer]));
        Assert.Empty(ledger.From([peer.Judged(status, Now, Lifetime)]));
        Assert.Empty(ledger.From([SomePeer.Named("b")]));
    }

    [Fact]
    public void A_peer_with_two_addresses_keeps_both_and_loses_both()
    {
        var first = SomePeer.Named("a").Judged(TrustTier.Affirming, Now, Lifetime, "10.0.0.5");
        ledger.From([first]);
        time.Pass(TimeSpan.FromMinutes(1));
        var second = first.Judged(TrustTier.Affirming, Now, Lifetime, "10.0.0.6");
        var both = ledger.From([second]);
        Assert.Equal((TimeSpan.FromMinutes(4), Lifetime), (Left(both[Five]), Left(both[Six])));
        Assert.Empty(ledger.From([second.Judged(TrustTier.Contraindicated, Now, Lifetime, "10.0.0.6")]));
    }

    [Fact]
    public void A42_A_peer_that_comes_from_ever_new_addresses_has_four_at_most()
    {
        for (var i = 1; i <= 20; i++)
        {
            time.Pass(TimeSpan.FromSeconds(1));
            Assert.InRange(ledger.From([SomePeer.Named("a").Judged(TrustTier.Affirming, Now, Lifetime, $"10.0.1.{i}")]).Count, 1, AddressLedger.MostAddresses);
        }
    }

    [Fact]
    public void Of_two_devices_behind_one_address_a_bad_one_keeps_it_out()
    {
        var good = SomePeer.Named("a").Judged(TrustTier.Affirming, Now, Lifetime, "10.0.0.5");
        Assert.Single(ledger.From([good, SomePeer.Named("b").Judged(TrustTier.None, Now, Lifetime, "10.0.0.5")]));
        var bad = SomePeer.Named("b").Judged(TrustTier.Contraindicated, Now, Lifetime, "::ffff:10.0.0.5");
        Assert.Empty(ledger.From([good, bad]));
        time.Pass(Lifetime / 2);
        good = good.Judged(TrustTier.Affirming, Now, Lifetime, "10.0.0.5");
        Assert.Empty(ledger.From([good, bad]));
        time.Pass(Lifetime / 2);
        Assert.Single(ledger.From([good, bad]));
    }

    [Fact]
    public void An_IPv4_address_in_IPv6_clothes_is_the_same_address()
        => Assert.Equal(Five, Assert.Single(ledger.From([SomePeer.Named("a").Judged(TrustTier.Affirming, Now, Lifetime, "::ffff:10.0.0.5")])).Key);

    [Fact]
    public void A_peer_that_was_forgotten_is_out()
    {
        ledger.From([SomePeer.Named("a").Judged(TrustTier.Affirming, Now, Lifetime)]);
        Assert.Empty(ledger.From([]));
    }

    [Fact]
    public void A49_A_clock_that_is_set_back_keeps_nobody_in()
    {
        var peer = SomePeer.Named("a").Judged(TrustTier.Affirming, Now, Lifetime);
        time.Set(TimeSpan.FromHours(-1));
        Assert.Equal(Lifetime, Left(Assert.Single(ledger.From([peer])).Value));
        time.Pass(Lifetime - TimeSpan.FromSeconds(1));
        time.Set(TimeSpan.FromHours(-1));
        Assert.Single(ledger.From([peer]));
        time.Pass(TimeSpan.FromSeconds(1));
        Assert.Empty(ledger.From([peer]));
    }

    [Fact]
    public void Nobody_is_in_for_more_than_a_day()
        => Assert.Equal(AddressLedger.Longest, Left(Assert.Single(ledger.From([SomePeer.Named("a").Judged(TrustTier.Affirming, Now, TimeSpan.FromDays(400))])).Value));

    private TimeSpan Left(long end) => time.GetElapsedTime(time.GetTimestamp(), end);

    /// <summary>A clock that can be set apart from the time that passes.</summary>
    private sealed class SetClock : TimeProvider
    {
        private readonly ManualTime passing = new();
        private TimeSpan set;

        public override long TimestampFrequency => passing.TimestampFrequency;

        public override DateTimeOffset GetUtcNow() => passing.GetUtcNow() + set;

        public override long GetTimestamp() => passing.GetTimestamp();

        public void Pass(TimeSpan span) => passing.Advance(span);

        public void Set(TimeSpan by) => set += by;
    }
}
