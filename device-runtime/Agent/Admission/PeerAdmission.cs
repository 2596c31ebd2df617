using System.Net;
using Microsoft.Extensions.Logging;
using TrustMesh.Agent.Peers;

namespace TrustMesh.Agent.Admission;

/// <summary>
/// Keeps the doors as the peer book says. It compares what is with what has to be, at every change and every few seconds, so that a failure is made good
/// by the next comparison and the same change twice does nothing. Where it fails the doors stay closed.
/// </summary>
public sealed class PeerAdmission : IDisposable
{
    /// <summary>How often the doors are looked at without a change: somebody may have loaded another firewall.</summary>
    public static readonly TimeSpan Look = TimeSpan.FromSeconds(10);

    private static readonly TimeSpan Retry = TimeSpan.FromSeconds(1);

    private readonly IAdmission admission;
    private readonly PeerBook book;
    private readonly TimeProvider time;
    private readonly ILogger log;
    private readonly AddressLedger ledger;
    private readonly WaysOut ways;
    private readonly SemaphoreSlim turn = new(1), road = new(1);
    private readonly Bell doors = new(), roads = new();
    private readonly Dictionary<IPAddress, long> inside = [];
    private HashSet<IPEndPoint> reached = [];

    /// <param name="silos">All addresses of silos, for any may be the next that is needed; a name is resolved again every minute.</param>
    /// <param name="resolve">Addresses of a name; throws <see cref="System.Net.Sockets.SocketException"/>. Null: the machine's own.</param>
    public PeerAdmission(IAdmission admission, PeerBook book, IReadOnlyList<Uri> silos, TimeProvider time, ILogger log, Func<string, CancellationToken, Task<IPAddress[]>>? resolve = null)
    {
        (this.admission, this.book, this.time, this.log) = (admission, book, time, log);
        ledger = new(time);
        ways = new(book, silos, time, log, resolve ?? Dns.GetHostAddressesAsync);
    }

    /// <summary>Closes the doors. Throws <see cref="IOException"/> where they can not be closed: then the agent must not run.</summary>
    public async Task StartAsync(CancellationToken stop)
    {
        await InTurnAsync(turn, () => CloseAsync(stop), stop);
        log.Admission(admission.Description);
    }

    /// <summary>Lets in and puts out until it is stopped. The doors stay as they are then.</summary>
    public async Task RunAsync(CancellationToken stop)
    {
        if (admission is OpenAdmission)
        {
            // Nothing to compare and no name to resolve: an agent without doors does not wake for them.
            await Task.Delay(Timeout.InfiniteTimeSpan, time, stop).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            return;
        }
        book.Changed += Note;
        using var end = CancellationTokenSource.CreateLinkedTokenSource(stop);
        try
        {
            Task[] loops = [LoopAsync(doors, CompareAsync, end.Token), LoopAsync(roads, (_, stop) => ReachAsync(stop), end.Token)];
            await Task.WhenAny(loops);
            await end.CancelAsync();
            await Task.WhenAll(loops);
        }
        finally
        {
            book.Changed -= Note;
        }
    }

    /// <summary>Makes one more address reachable for two minutes, because a person asks to have it examined: a known peer's name or id, <c>host:port</c>, or
    /// a host with the usual port.</summary>
    public async Task VisitAsync(string target, CancellationToken stop)
    {
        if (admission is OpenAdmission) return;
        IReadOnlyList<string> addresses = book.Find(target) is { } peer ? peer.Addresses : [target];
        // Every one of them, not up to the first.
        if (addresses.Count(ways.Add) > 0) await ReachAsync(stop);
    }

    public void Dispose()
    {
        turn.Dispose();
        road.Dispose();
        doors.Dispose();
        roads.Dispose();
    }

    private void Note(KnownPeer peer)
    {
        doors.Ring();
        roads.Ring();
    }

    /// <summary>Names are resolved in a loop of their own: a resolver that does not answer must not keep somebody in.</summary>
    private async Task LoopAsync(Bell bell, Func<bool, CancellationToken, Task> act, CancellationToken stop)
    {
        // A bell that rings all the time must not keep anybody from looking.
        var (pause, looked) = (Look, (long?)null);
        for (var rung = false; !stop.IsCancellationRequested; rung = await bell.WaitAsync(pause, time, stop))
        {
            try
            {
                var look = !rung || looked is not { } at || time.GetElapsedTime(at) >= Look;
                await act(look, stop);
                if (look) looked = time.GetTimestamp();
                pause = Look;
            }
            catch (IOException failed)
            {
                log.AdmissionFailed(failed.Message);
                pause = Retry;
            }
            catch (OperationCanceledException) when (stop.IsCancellationRequested)
            {
                // In the middle of a change: the kernel carried it out as a whole or not at all, and the elements run out either way.
                return;
            }
        }
    }

    private async Task CloseAsync(CancellationToken stop)
    {
        var ways = reached;
        await admission.CloseAsync(stop);
        inside.Clear();
        reached = [];
        await admission.ReachAsync(ways, stop);
        reached = ways;
    }

    private Task CompareAsync(bool look, CancellationToken stop) => InTurnAsync(turn, async () =>
    {
        if (look && !await admission.StandsAsync(stop))
        {
            log.DoorsWereOpened();
            await CloseAsync(stop);
        }
        var due = ledger.From(book.All);
        // Out before in: whoever has to go does not wait for the others. Whoever ran out by the kernel's clock is taken out once more, to be sure.
        foreach (var address in inside.Keys.Where(address => !due.ContainsKey(address)).ToList())
        {
            await admission.ExpelAsync(address, stop);
            inside.Remove(address);
            log.PutOut(address.ToString());
        }
        foreach (var (address, end) in due.Where(one => inside.GetValueOrDefault(one.Key) != one.Value))
        {
            var lifetime = time.GetElapsedTime(time.GetTimestamp(), end);
            await admission.AdmitAsync(address, lifetime, stop);
            if (inside.TryAdd(address, end)) log.LetIn(address.ToString(), lifetime.TotalSeconds);
            inside[address] = end;
        }
    }, stop);

    private Task ReachAsync(CancellationToken stop) => InTurnAsync(road, async () =>
    {
        var wanted = await ways.NowAsync(stop);
        await InTurnAsync(turn, async () =>
        {
            if (wanted.SetEquals(reached)) return;
            await admission.ReachAsync(wanted, stop);
            reached = wanted;
        }, stop);
    }, stop);

    private static async Task InTurnAsync(SemaphoreSlim turn, Func<Task> act, CancellationToken stop)
    {
        await turn.WaitAsync(stop);
        try
        {
            await act();
        }
        finally
        {
            turn.Release();
        }
    }
}
