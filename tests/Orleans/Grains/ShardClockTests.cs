using System.Collections.Concurrent;
using Microsoft.Extensions.Logging.Abstractions;
using TrustMesh.Orleans.Grains;
using TrustMesh.Tests.Agent;
using TrustMesh.Tests.Trust;
using TrustMesh.Trust.Twins;
using TrustMesh.Verifier;
using TrustMesh.Wire;
using TrustMesh.Wire.Messages;

namespace TrustMesh.Tests.Orleans.Grains;

public sealed class ShardClockTests
{
    private readonly ManualTime time = new();

    /// <summary>The shard had not heard of its last proof, looked in vain, and never looked again. Found by a chaos run.</summary>
    [Fact]
    public async Task A_twin_that_has_proven_itself_since_is_told_to_the_shard()
    {
        var device = DeviceId.FromRootKey([1, 2, 3]);
        var told = new ConcurrentQueue<TwinState>();
        var enrolment = new Enrolment(new byte[16], device, RootKind.Software, AssuranceTier.Software, new byte[32], new byte[91], "none", "pump", "lab", "sensor", 1, "nobody", time.GetUtcNow());
        var verdict = new Verdict(TrustTier.Affirming, AssuranceTier.Software, new Dictionary<int, int>(), "p", 1, 1, [], time.GetUtcNow(), time.GetUtcNow().AddSeconds(90));
        var state = TwinTransition.Enrol(null, new(enrolment, true), time.GetUtcNow()).State with { Verdict = verdict };
        using var clock = new ShardClock(_ => new ReadTwin(() => state), told.Enqueue, NullLogger.Instance, time);
        // As far as the shard knows it is due now.
        clock.Set(device, time.GetUtcNow().AddSeconds(1));
        time.Advance(TimeSpan.FromSeconds(2));
        await Eventually.TrueAsync(() => !told.IsEmpty, "the shard to hear of it");
        Assert.Same(state, Assert.Single(told));
    }

    /// <summary>A twin of which only reading is of interest.</summary>
    private sealed class ReadTwin(Func<TwinState?> read) : IDeviceTwin
    {
        public Task<TwinState?> ReadAsync(CancellationToken cancellation) => Task.FromResult(read());

        public Task<TwinState> EnrolAsync(Admission admission, CancellationToken cancellation) => throw new NotSupportedException("It is only read.");

        public Task<TwinAnswer?> DecideAsync(StandingDecision decision, CancellationToken cancellation) => throw new NotSupportedException("It is only read.");

        public Task<TwinAnswer?> TagAsync(TagChange change, CancellationToken cancellation) => throw new NotSupportedException("It is only read.");

        public Task<EvidenceAnswer?> AcceptAsync(VerifiedEvidence evidence, ReadOnlyMemory<byte> sessionKey, CancellationToken cancellation) => throw new NotSupportedException("It is only read.");

        public Task RefuseAsync(IReadOnlyList<Finding> findings, CancellationToken cancellation) => throw new NotSupportedException("It is only read.");

        public Task<TwinState?> HearAsync(PeerNews news, CancellationToken cancellation) => throw new NotSupportedException("It is only read.");
    }
}
