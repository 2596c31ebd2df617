using System.Collections.Concurrent;
using Microsoft.AspNetCore.Http;
using TrustMesh.Wire.Cose;
using TrustMesh.Wire.Peers;

namespace TrustMesh.Tests.Agent;

/// <summary>The silo's side of watching and of verdicts: hands out what it is told to, takes verdicts in order and each once.</summary>
public sealed partial class FakeSilo
{
    private const string WatchPath = "/device/v1/watch", VerdictsPath = "/device/v1/verdicts";

    private readonly ConcurrentDictionary<string, bool> vouched = new(), provenConnections = new();
    private readonly CancellationTokenSource closing = new();
    private readonly Lock desk = new();
    private readonly List<PeerVerdict> taken = [];
    private long dropped;
    private TaskCompletionSource news = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public ConcurrentQueue<WatchRequest> Watched { get; } = new();

    /// <summary>What is newer than a request; null or nothing in it: wait for <see cref="Announce"/>.</summary>
    public Func<WatchRequest, WatchAnswer?> Publish { get; set; } = _ => null;

    /// <summary>The verdicts that were taken, in order.</summary>
    public IReadOnlyList<PeerVerdict> Verdicts
    {
        get { lock (desk) return [.. taken]; }
    }

    /// <summary>Verdicts that came again, or with a gap: there should be none.</summary>
    public ConcurrentQueue<long> OutOfOrder { get; } = new();

    /// <summary>Verdicts that are not acceptable: each refuses its upload, and those before it are taken.</summary>
    public Func<PeerVerdict, bool> Unacceptable { get; set; } = _ => false;

    public long Dropped { get; private set; }

    /// <summary>The first sequence this silo does not have.</summary>
    public long NextVerdict { get; set; } = 1;

    /// <summary>Watchers are asked again what is newer for them.</summary>
    public void Announce() => Interlocked.Exchange(ref news, new(TaskCreationOptions.RunContinuationsAsynchronously)).TrySetResult();

    /// <summary>As after a restart: no session is vouched for.</summary>
    public void ForgetSessions()
    {
        vouched.Clear();
        provenConnections.Clear();
        Announce();
    }

    /// <summary>As if evidence of this session had been accepted on some connection.</summary>
    public void VouchFor(byte[] sessionSpki) => vouched[Convert.ToHexString(sessionSpki)] = true;

    private void Vouch(HttpContext http) => vouched[Convert.ToHexString(DeviceSpki(http))] = provenConnections[http.Connection.Id] = true;

    private async Task WatchAsync(HttpContext http, byte[] body)
    {
        var request = WatchRequest.Decode(body);
        Watched.Enqueue(request);
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(closing.Token, http.RequestAborted);
        limit.CancelAfter(TimeSpan.FromSeconds(25));
        while (vouched.ContainsKey(Convert.ToHexString(DeviceSpki(http))))
        {
            var next = news.Task;
            if (Publish(request) is { } answer && (answer.Policy is not null || answer.StatusList is not null || answer.Peers is not null || answer.References.Count + answer.Examine.Count > 0))
            {
                await Answer(http, answer.Encode());
                return;
            }
            await next.WaitAsync(limit.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            if (!limit.IsCancellationRequested) continue;
            await Answer(http, WatchAnswer.Nothing.Encode());
            return;
        }
        await Refuse(http, 403, "not_proven");
    }

    private async Task TakeAsync(HttpContext http, byte[] body)
    {
        if (!provenConnections.ContainsKey(http.Connection.Id))
        {
            await Refuse(http, 403, "not_proven");
            return;
        }
        var upload = VerdictUpload.Decode(body);
        var refused = false;
        lock (desk)
        {
            Dropped = upload.Dropped;
            foreach (var (_, signed) in upload.Verdicts)
            {
                var verdict = PeerVerdict.DecodePayload(CoseSign1.Decode(signed).Payload);
                if (refused = Unacceptable(verdict)) break;
                var givenUp = dropped < upload.Dropped ? verdict.Sequence - NextVerdict : 0;
                if (verdict.Sequence != NextVerdict + givenUp || dropped + givenUp > upload.Dropped)
                {
                    OutOfOrder.Enqueue(verdict.Sequence);
                    continue;
                }
                dropped += givenUp;
                taken.Add(verdict);
                NextVerdict = verdict.Sequence + 1;
            }
        }
        if (refused) await Refuse(http, 422, "evidence_refused");
        else await Answer(http, new VerdictReceipt(NextVerdict).Encode());
    }
}
