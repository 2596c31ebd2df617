using TrustMesh.Orleans.Following;
using TrustMesh.Orleans.Hosting;
using TrustMesh.Trust.Authority;
using TrustMesh.Trust.Log;
using TrustMesh.Trust.Twins;
using TrustMesh.Verifier;
using TrustMesh.Wire;
using TrustMesh.Wire.Messages;

namespace TrustMesh.Orleans.Grains;

/// <summary>
/// Hosts a <see cref="DeviceTwin"/> and tells the index what became of it. That there is one activation is for speed: the row's version is what
/// keeps two from both being right, and one that loses goes. Before a decision the shard is told to expect it, so that a decision saved in the last
/// moment of a silo is found and gets into the status list all the same.
/// </summary>
[GrainType("twin"), HomePlacement, KeepAlive]
public sealed class TwinGrain : Grain, ITwinGrain
{
    /// <summary>A twin stays in memory a little longer than its verdict lasts: the next proof finds it there.</summary>
    private static readonly TimeSpan Beyond = TimeSpan.FromMinutes(1), LeastStay = TimeSpan.FromMinutes(5);

    private readonly DeviceId device;
    private readonly DeviceTwin twin;
    private readonly ShardOutlet outlet;
    private readonly Duties duties;
    private readonly Homes homes;
    private readonly Idlers idlers;
    private readonly List<ShardItem> published = [];
    private TimeSpan stay = LeastStay;

    public TwinGrain(ITwinStore store, Memberships memberships, ResultIssuer results, IMeshLog log, ShardOutlet outlet, Duties duties, Homes homes, Idlers idlers, TimeProvider time)
    {
        (this.outlet, this.duties, this.homes, this.idlers) = (outlet, duties, homes, idlers);
        device = DeviceId.Parse(this.GetPrimaryKeyString());
        twin = new(device, store, memberships, results, log, publication => published.Add(ShardItem.Of(publication.State, publication.Events, time.GetUtcNow())), time) { Introduces = true };
    }

    public override Task OnActivateAsync(CancellationToken cancellationToken)
    {
        duties.TwinCame();
        return Task.CompletedTask;
    }

    public override Task OnDeactivateAsync(DeactivationReason reason, CancellationToken cancellationToken)
    {
        duties.TwinWent();
        idlers.Forget(GrainContext);
        return Task.CompletedTask;
    }

    public Task<TwinState?> ReadAsync(CancellationToken cancellation) => RunAsync(() => twin.ReadAsync(cancellation));

    public async Task<TwinState> EnrolAsync(Admission admission, CancellationToken cancellation)
    {
        await outlet.ExpectAsync(device);
        return await RunAsync(() => twin.EnrolAsync(admission, cancellation));
    }

    public async Task<TwinAnswer?> DecideAsync(StandingDecision decision, CancellationToken cancellation)
    {
        await outlet.ExpectAsync(device);
        return await RunAsync(() => twin.DecideAsync(decision, cancellation));
    }

    public Task<TwinAnswer?> TagAsync(TagChange change, CancellationToken cancellation) => RunAsync(() => twin.TagAsync(change, cancellation));

    public Task<EvidenceAnswer?> AcceptAsync(VerifiedEvidence evidence, ReadOnlyMemory<byte> sessionKey, CancellationToken cancellation) => RunAsync(async () =>
    {
        var answer = await twin.AcceptAsync(evidence, sessionKey, cancellation);
        if (answer?.State.Verdict is { } verdict)
        {
            var lasting = verdict.ExpiresAt - verdict.IssuedAt + Beyond;
            stay = lasting > LeastStay ? lasting : LeastStay;
        }
        return answer;
    });

    public Task RefuseAsync(IReadOnlyList<Finding> findings, CancellationToken cancellation) => RunAsync(async () =>
    {
        await twin.RefuseAsync(findings, cancellation);
        return true;
    });

    public async Task<TwinState?> HearAsync(PeerNews news, CancellationToken cancellation)
    {
        if (news.Words.Count > 0) await outlet.ExpectAsync(device);
        return await RunAsync(() => twin.HearAsync(news, cancellation));
    }

    private async Task<T> RunAsync<T>(Func<Task<T>> call)
    {
        try
        {
            return await call();
        }
        finally
        {
            idlers.Stay(GrainContext, stay);
            // Lost to another activation, or nobody knows: this one goes, and whoever calls next gets one that has read what is stored.
            if (twin.IsDropped) DeactivateOnIdle();
            // It has its home elsewhere since a silo came, and moves there. Going would not do: a silo that remembers where it was would have it come up here again.
            else if (!homes.IsHere(GrainContext.GrainId)) MigrateOnIdle();
            await FlushAsync();
        }
    }

    private async Task FlushAsync()
    {
        if (published.Count == 0) return;
        // What could not be told stays, and is told with the next call.
        await outlet.PublishAsync(device, [.. published]);
        published.Clear();
    }
}
