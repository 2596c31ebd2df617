using Microsoft.Extensions.Logging;
using TrustMesh.Agent.Hosting;
using TrustMesh.Agent.Identity;
using TrustMesh.Agent.Life;
using TrustMesh.Agent.Statements;
using TrustMesh.Wire;
using TrustMesh.Wire.Peers;

namespace TrustMesh.Agent.Silo;

/// <summary>
/// Waits at the silo for statements newer than this device's (PROTOCOL.md section 16), on a connection of its own, for as long as the device lives.
/// Its request is also the acknowledgement of the status list that is enforced. What it brings goes through the same door as what peers bring: a silo
/// can hand on what the authority signed, and ask for an examination, and nothing else (attack A46).
/// </summary>
/// <param name="silos">Watched is the one at which the device proves itself; one that does not answer is followed by the next at once.</param>
/// <param name="pin">SHA-256 of the authority's SubjectPublicKeyInfo.</param>
/// <param name="addresses">Where this device listens for peers, at most 4.</param>
/// <param name="examine">Peers an operator wants examined now; must return at once.</param>
public sealed class SiloWatch(SiloAddresses silos, byte[] pin, MeshStatements statements, IReadOnlyList<string> addresses, Action<IReadOnlyList<DeviceId>> examine, TimeProvider time, ILogger log) : IDisposable
{
    private const string WatchPath = "/device/v1/watch";

    /// <summary>An answer that comes sooner than this and brings nothing that could be taken is not asked for again at once.</summary>
    private static readonly TimeSpan Soon = TimeSpan.FromSeconds(1);

    private readonly SemaphoreSlim signal = new(0, 1);
    private volatile SessionKey? proven;
    private volatile bool resting;
    private bool toldWatching, toldEnded, wasUnproven, wasBusy;

    /// <summary>The silo knows no evidence of this session, most often because it was started anew: whoever can should prove again.</summary>
    public event Action? ProofWanted;

    /// <summary>Evidence that vouches for this key was accepted: from now on the silo answers it, and whoever waits after a failure need not wait longer.</summary>
    public void Proven(SessionKey session)
    {
        if (ReferenceEquals(proven, session) && !resting) return;
        proven = session;
        if (signal.CurrentCount == 0) signal.Release();
    }

    /// <summary>Ends only by cancellation, without an exception.</summary>
    public async Task RunAsync(CancellationToken stop)
    {
        for (var (attempt, passed) = (0, 0); !stop.IsCancellationRequested;)
        {
            var silo = silos.Now;
            try
            {
                var session = await SessionAsync(stop);
                silo = silos.Now;
                using var connection = await SiloConnection.OpenAsync(silo, pin, session, time, stop, Caps.WatchAnswer);
                await FollowAsync(connection, silo, session, () => (attempt, passed, wasUnproven, wasBusy) = (0, 0, false, false), stop);
            }
            catch (OperationCanceledException) when (stop.IsCancellationRequested)
            {
                return;
            }
            catch (Exception failed) when (failed is SiloException or WireException)
            {
                var refusal = failed as SiloException;
                Tell(failed.Message);
                if (refusal?.Kind == FailureKind.NotProven) await UnprovenAsync(stop);
                else if (GoesOn(refusal) && ++passed < silos.Count) silos.Pass(silo);
                else
                {
                    if (passed == silos.Count) silos.Pass(silo);
                    passed = 0;
                    await RestAsync(Backoff.Delay(++attempt, Random.Shared.NextDouble(), refusal?.RetryAfter), stop);
                }
            }
        }
    }

    public void Dispose() => signal.Dispose();

    private async Task<SessionKey> SessionAsync(CancellationToken stop)
    {
        while (true)
        {
            if (proven is { } session) return session;
            await signal.WaitAsync(stop);
        }
    }

    /// <summary>True where the next silo is asked at once: not for the first wish for patience, which is granted.</summary>
    private bool GoesOn(SiloException? refusal)
    {
        var patience = refusal?.Kind == FailureKind.Busy && !wasBusy;
        wasBusy = refusal?.Kind == FailureKind.Busy;
        return silos.Count > 1 && !patience;
    }

    /// <summary>The only silo there is says so because it was started anew. One of several may only not have heard of the proof yet, and is asked once more.</summary>
    private async Task UnprovenAsync(CancellationToken stop)
    {
        if (silos.Count > 1 && !wasUnproven)
        {
            wasUnproven = true;
            await RestAsync(Backoff.Delay(1, Random.Shared.NextDouble()), stop);
            return;
        }
        wasUnproven = false;
        proven = null;
        ProofWanted?.Invoke();
    }

    /// <summary>Waits before the next attempt, but no longer than until the silo accepts a proof again.</summary>
    private async Task RestAsync(TimeSpan longest, CancellationToken stop)
    {
        using var limit = new CancellationTokenSource(longest, time);
        using var both = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, stop);
        resting = true;
        // The time being over and a stop end the wait alike; the loop sees which it was.
        await signal.WaitAsync(both.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        resting = false;
    }

    /// <summary>One question after another, until another session key was proven, or proofs go to another silo.</summary>
    private async Task FollowAsync(SiloConnection connection, Uri silo, SessionKey session, Action answered, CancellationToken stop)
    {
        for (var fruitless = 0; ReferenceEquals(session, proven) && silos.Now == silo && !stop.IsCancellationRequested;)
        {
            var (began, request) = (time.GetTimestamp(), Request());
            var answer = WatchAnswer.Decode(await connection.PostAsync(WatchPath, request.Encode(), stop));
            answered();
            TellWatching();
            foreach (var problem in statements.OfferAnswer(answer)) log.WatchRefused(problem);
            if (answer.Examine.Count > 0) examine(answer.Examine);
            var useful = answer.Examine.Count > 0 || Sum(Request()) != Sum(request) || time.GetElapsedTime(began) >= Soon;
            fruitless = useful ? 0 : fruitless + 1;
            await Task.Delay(fruitless == 0 ? Backoff.Least : Backoff.Delay(fruitless, Random.Shared.NextDouble()), time, stop);
        }
    }

    private WatchRequest Request()
    {
        var enforced = statements.Enforced;
        return new(statements.Policy?.Policy.Serial ?? 0, enforced.Serial, statements.Peers?.Value.Serial ?? 0, statements.References, addresses,
            (long)time.GetElapsedTime(enforced.Since).TotalMilliseconds, statements.Gaps);
    }

    /// <summary>Rises exactly when something of it does.</summary>
    private static Int128 Sum(WatchRequest request)
        => (Int128)request.PolicySerial + request.StatusSerial + request.PeersSerial + request.References.Aggregate((Int128)request.References.Count, (sum, one) => sum + one.Serial);

    private void TellWatching()
    {
        if (!toldWatching) log.Watching();
        (toldWatching, toldEnded) = (true, false);
    }

    private void Tell(string reason)
    {
        if (!toldEnded) log.WatchEnded(reason);
        (toldWatching, toldEnded) = (false, true);
    }
}
