using TrustMesh.Orleans.Grains;
using TrustMesh.Trust.Authority;
using TrustMesh.Trust.Directory;
using TrustMesh.Trust.Records;
using TrustMesh.Trust.Twins;
using TrustMesh.Verifier;
using TrustMesh.Wire;
using TrustMesh.Wire.Messages;

namespace TrustMesh.Orleans.Hosting;

/// <summary>
/// A device's twin, called from this silo wherever it lives. A decision is answered when the status list in force says it and this silo has that
/// list. What the cluster itself cannot do is an <see cref="IOException"/>, like a store that does not answer: whoever called looks again.
/// </summary>
internal sealed class TwinAddress(DeviceId device, IGrainFactory grains, MeshFollower follower) : IDeviceTwin
{
    private const int Tries = 3, Told = 30;
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(300);

    private readonly ITwinGrain twin = grains.GetGrain<ITwinGrain>(device.Text);

    public async Task<TwinState?> ReadAsync(CancellationToken cancellation)
    {
        for (var tries = 1; ; tries++)
        {
            try
            {
                return await twin.ReadAsync(cancellation);
            }
            catch (Exception failed) when (Trouble.IsOfCluster(failed))
            {
                // The silo that had it may just have gone: reading again changes nothing.
                if (tries == Tries) throw Trouble.Told(failed);
                await Task.Delay(Pause, cancellation);
            }
        }
    }

    public Task<TwinState> EnrolAsync(Admission admission, CancellationToken cancellation)
        => DecidedAsync(() => twin.EnrolAsync(admission, cancellation), state => state, cancellation)!;

    public Task<TwinAnswer?> DecideAsync(StandingDecision decision, CancellationToken cancellation)
        => DecidedAsync(() => twin.DecideAsync(decision, cancellation), answer => answer?.State, cancellation);

    public Task<TwinState?> HearAsync(PeerNews news, CancellationToken cancellation)
    {
        var sent = news with { Lines = [.. news.Lines], Words = [.. news.Words] };
        // Without words nothing can be decided.
        return news.Words.Count == 0 ? CallAsync(() => twin.HearAsync(sent, cancellation)) : DecidedAsync(() => twin.HearAsync(sent, cancellation), state => state, cancellation);
    }

    public async Task<TwinAnswer?> TagAsync(TagChange change, CancellationToken cancellation)
    {
        // Nothing of it is in the status list: it is answered as soon as it is saved, and whoever changed it sees it here at once.
        var answer = await CallAsync(() => twin.TagAsync(change, cancellation));
        if (answer is not null) follower.Take(DeviceEntry.Of(answer.State));
        return answer;
    }

    public async Task<EvidenceAnswer?> AcceptAsync(VerifiedEvidence evidence, ReadOnlyMemory<byte> sessionKey, CancellationToken cancellation)
    {
        var answer = await CallAsync(() => twin.AcceptAsync(evidence, sessionKey, cancellation));
        if (answer is not null) follower.Take(DeviceEntry.Of(answer.State));
        return answer;
    }

    public Task RefuseAsync(IReadOnlyList<Finding> findings, CancellationToken cancellation) => CallAsync(async () =>
    {
        // An array: the types behind collection expressions are not for the wire.
        await twin.RefuseAsync(findings.ToArray(), cancellation);
        return true;
    });

    private async Task<T> DecidedAsync<T>(Func<Task<T>> call, Func<T, TwinState?> of, CancellationToken cancellation)
    {
        var answer = await CallAsync(call);
        if (of(answer) is not { } state) return answer;
        await CallAsync(() => SettledAsync(state, cancellation));
        follower.Take(DeviceEntry.Of(state));
        return answer;
    }

    /// <summary>
    /// Ends when this silo has a list that says what was decided. After silos went there may be two writers of lists for a moment, of which the one that is
    /// asked here is not the one that was told: nothing waits there, and the list says nothing. Then the shard tells it again, until it is so.
    /// </summary>
    private async Task<bool> SettledAsync(TwinState state, CancellationToken cancellation)
    {
        try
        {
            await grains.GetGrain<IAuthorityGrain>(0).SettledAsync(device).WaitAsync(cancellation);
        }
        catch (UnreadableRecordException)
        {
            // This silo looks for itself, so that it says so where it is asked how it does.
            await follower.FollowListAsync(cancellation);
            throw;
        }
        await follower.FollowListAsync(cancellation);
        if (follower.Listed(device) == StatusChange.StandingOf(state)) return true;
        for (var tries = 0; tries < Told; tries++)
        {
            var known = await grains.GetGrain<IShardGrain>(Shards.Of(device)).SettledAsync(device).WaitAsync(cancellation);
            await follower.FollowListAsync(cancellation);
            // Somebody may have decided something else meanwhile.
            if (known is { Entry: { } entry, Change: { } change } && entry.Version >= state.Version && follower.Listed(device) == change.Standing) return true;
            await Task.Delay(Pause, cancellation);
        }
        throw new TimeoutException("The decision is stored, and the status list does not say it yet.");
    }

    private static async Task<T> CallAsync<T>(Func<Task<T>> call)
    {
        try
        {
            return await call();
        }
        catch (Exception failed) when (Trouble.IsOfCluster(failed))
        {
            throw Trouble.Told(failed);
        }
    }
}
