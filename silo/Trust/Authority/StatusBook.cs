using TrustMesh.Contracts;
using TrustMesh.Trust.Log;
using TrustMesh.Trust.Records;
using TrustMesh.Trust.Twins;
using TrustMesh.Wire;
using TrustMesh.Wire.Messages;

namespace TrustMesh.Trust.Authority;

/// <summary>
/// The mesh's status list (PROTOCOL.md section 14): who is revoked or suspended, signed with rising serials (attacks A30, A35). It follows the
/// standings of twins: noted when a twin was saved, in force before whoever decided is answered (<see cref="SettledAsync"/>). What is noted while
/// a list is being written goes into the next one, all of it at once. A list that cannot be written is tried again until it is: no revocation
/// gets lost between a twin and the list, and one that a crash caught in between is found at the next start, when all twins are noted again.
/// Without a change a list is signed anew every quarter of the policy's grace, so that devices see that they are not cut off. Thread-safe.
/// </summary>
/// <param name="graceSeconds">What the policy in force says.</param>
/// <param name="failed">Told of a list that could not be written, and of decisions it had no room for.</param>
/// <param name="largest">Bytes of the stored list.</param>
public sealed class StatusBook(
    MeshAuthority authority, IRecordStore store, Serials serials, Func<int> graceSeconds, Action<Exception> failed, TimeProvider time, int largest = StatusShelf.Largest) : IDisposable
{
    /// <summary>The list's size is a multiple of this, so that it does not tell how many devices there are.</summary>
    public const int SizeStep = 1024;

    /// <summary>Whoever writes a list takes a number here first.</summary>
    public const string Counter = "status";

    /// <summary>Lists that are told to a reader that missed them; who was away for longer learns what is in force.</summary>
    private const int MostMissed = 64;
    private static readonly TimeSpan Retry = TimeSpan.FromSeconds(1), RetryFull = TimeSpan.FromMinutes(1), LongestTimer = TimeSpan.FromDays(7);

    private readonly Lock gate = new();
    private readonly StatusShelf shelf = new(authority, store, largest);
    private readonly LogReader log = new(0, store);
    private readonly StatusSigner signer = new(authority, graceSeconds);
    private readonly Dictionary<DeviceId, (StatusChange Change, long Since)> listed = [];
    private readonly Dictionary<DeviceId, StatusChange> waiting = [];
    private readonly HeardVersions heard = new();
    private Dictionary<DeviceId, StatusChange> flying = [];
    private TaskCompletionSource next = Source(), flight = Source();
    private StatusIssue? inForce;
    private ITimer? alarm;
    private volatile UnreadableRecordException? unreadable;
    private long highest;
    private bool started, writing, doubtful, looking, closed;
    private Task writer = Task.CompletedTask;

    /// <summary>After a list is in force, before anybody is answered; in order, one at a time.</summary>
    public event Action<StatusIssue>? Issued;

    /// <summary>Lists were put in force that were not written here: what they say of these may be older than what was noted.</summary>
    public event Action<IReadOnlyCollection<DeviceId>>? Overtaken;

    /// <summary>What memberships point to.</summary>
    public string Uri => UriOf(authority.Mesh);

    /// <summary>The list in force; <see cref="StartAsync"/> comes first.</summary>
    public StatusIssue InForce => Volatile.Read(ref inForce) ?? throw new InvalidOperationException("The status list was not loaded.");

    /// <summary>What memberships of the mesh point to.</summary>
    public static string UriOf(string mesh) => $"urn:trustmesh:{mesh}:status";

    /// <summary>Reads the stored list. Then every twin is noted, then <see cref="StartAsync"/>.</summary>
    public async Task LoadAsync(CancellationToken cancellation)
    {
        if (await ReadAsync(cancellation) is { } stored) lock (gate) Take(stored);
    }

    /// <summary>
    /// Takes over the lists another silo has put in force meanwhile, each of them told. For a book that is never started, which only reads; one call
    /// at a time.
    /// </summary>
    public async Task FollowAsync(CancellationToken cancellation)
    {
        var before = Volatile.Read(ref inForce)?.Serial ?? 0;
        if (await ReadAsync(cancellation) is not { } stored || stored.Serial <= before) return;
        var missed = (await shelf.HistoryAsync(MostMissed, cancellation, before)).Reverse().ToList();
        lock (gate) Take(stored);
        foreach (var issue in missed) Issued?.Invoke(issue);
    }

    /// <summary>Signs a list if there is none, if twins say something else than the stored one, or if it is time.</summary>
    public async Task StartAsync(CancellationToken cancellation)
    {
        Task first;
        lock (gate)
        {
            started = true;
            alarm = time.CreateTimer(_ => Ring(), null, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
            if (!IsDue)
            {
                Arm(NextRenewal);
                return;
            }
            first = next.Task;
            Kick();
        }
        await first.WaitAsync(cancellation);
    }

    /// <summary>A twin as it was saved. The list follows.</summary>
    public void Note(TwinState state) => Note(StatusChange.Of(state, time.GetUtcMillisecond()));

    /// <summary>What the list has to say of a device whose twin was saved.</summary>
    public void Note(StatusChange change)
    {
        var device = change.Device;
        lock (gate)
        {
            highest = Math.Max(highest, change.Index);
            if (started && heard.IsOld(change)) return;
            var before = flying.TryGetValue(device, out var underway) ? underway.Standing : Listed(device);
            // Suspended and resumed before a list said so: nothing to say.
            if (before == change.Standing) waiting.Remove(device);
            else waiting[device] = change;
            heard.Take(change, before != change.Standing);
            if (started && IsDue) Kick();
        }
    }

    /// <summary>The list in force does not say yet what was noted of the device.</summary>
    public bool IsWaiting(DeviceId device)
    {
        lock (gate) return waiting.ContainsKey(device) || flying.ContainsKey(device);
    }

    /// <summary>Ends when the list in force says what was noted of the device; fails if writing it failed, which is tried again all the same.</summary>
    public Task SettledAsync(DeviceId device, CancellationToken cancellation)
    {
        Task settled;
        lock (gate)
        {
            if (!waiting.ContainsKey(device)) return flying.ContainsKey(device) ? flight.Task.WaitAsync(cancellation) : Task.CompletedTask;
            settled = next.Task;
            Kick();
        }
        return settled.WaitAsync(cancellation);
    }

    /// <summary>Looks for lists of another writer: one that had to go may have written after this one had read, and compared with an old list there is nothing to say.</summary>
    public void Look()
    {
        lock (gate)
        {
            looking = true;
            Kick();
        }
    }

    /// <summary>Ends when nothing is being written any more; nothing will be.</summary>
    public Task CloseAsync()
    {
        Dispose();
        lock (gate) return writer;
    }

    /// <summary>Looks whether it is time for a new signature, after the policy changed.</summary>
    public void Reconsider()
    {
        lock (gate)
        {
            if (!started) return;
            if (IsDue) Kick();
            else Arm(NextRenewal);
        }
    }

    /// <summary>What the list in force says of the device.</summary>
    public Standing Says(DeviceId device)
    {
        lock (gate) return Listed(device);
    }

    /// <summary>The stored list could not be read when it was last looked at (attack A43): the one before stays, and none takes its place until the row is restored. Null if it could.</summary>
    public UnreadableRecordException? Unreadable => unreadable;

    /// <summary>Everyone on the list in force.</summary>
    public IReadOnlyList<DeviceId> Everyone
    {
        get { lock (gate) return [.. listed.Keys]; }
    }

    /// <summary>The list in force as operators see it, by name.</summary>
    public RevocationView View()
    {
        lock (gate)
        {
            var issue = InForce;
            return new(issue.Serial, Uri, issue.IssuedAt, issue.ExpiresAt, issue.Size,
                [.. listed.Values.OrderBy(one => one.Change.Name, StringComparer.Ordinal).ThenBy(one => one.Change.Index).Select(one => one.Change.Listed(one.Since))]);
        }
    }

    /// <summary>The last lists that were in force, newest first, after the one with that serial.</summary>
    public Task<IReadOnlyList<StatusIssue>> SinceAsync(long serial, CancellationToken cancellation) => shelf.HistoryAsync(MostMissed, cancellation, serial);

    /// <summary>Lists that were in force, newest first.</summary>
    public async Task<IReadOnlyList<RevocationIssue>> HistoryAsync(int most, CancellationToken cancellation)
        => [.. (await shelf.HistoryAsync(most, cancellation)).Select(issue => new RevocationIssue(issue.Serial, issue.IssuedAt, issue.ExpiresAt, issue.Size, [.. issue.Changes.Select(change => change.View())]))];

    public void Dispose()
    {
        lock (gate)
        {
            closed = true;
            alarm?.Dispose();
        }
    }

    private bool IsDue => waiting.Count > 0 || NeedsSignature;

    /// <summary>Even if nobody's standing changed.</summary>
    private bool NeedsSignature => inForce is null || StatusSigner.SizeFor(highest) > inForce.Size || time.GetUtcNow() >= NextRenewal;

    private DateTimeOffset NextRenewal => inForce!.IssuedAt + signer.Interval;

    private static TaskCompletionSource Source() => new(TaskCreationOptions.RunContinuationsAsynchronously);

    private Standing Listed(DeviceId device) => listed.TryGetValue(device, out var known) ? known.Change.Standing : Standing.Active;

    private void Ring()
    {
        lock (gate)
        {
            if (closed) return;
            if (IsDue) Kick();
            else Arm(NextRenewal);
        }
    }

    private void Arm(DateTimeOffset at)
    {
        if (closed) return;
        var wait = TimeSpan.FromTicks(Math.Clamp((at - time.GetUtcNow()).Ticks, 0, LongestTimer.Ticks));
        // Timers count whole milliseconds: one more, so that ringing is never before the time.
        alarm?.Change(wait + TimeSpan.FromMilliseconds(1), Timeout.InfiniteTimeSpan);
    }

    private void Kick()
    {
        if (writing || closed || !started) return;
        writing = true;
        writer = Task.Run(WriteAsync);
    }

    /// <summary>Writes lists, one after the other, until the one in force says everything.</summary>
    private async Task WriteAsync()
    {
        while (true)
        {
            lock (gate)
            {
                if (closed || !IsDue && !looking)
                {
                    writing = false;
                    if (!closed) Arm(NextRenewal);
                    return;
                }
                (flying, flight, next) = (new(waiting), next, Source());
                waiting.Clear();
            }
            try
            {
                if (doubtful || looking) await ReloadAsync();
                await IssueAsync();
                flight.SetResult();
            }
            catch (Exception trouble)
            {
                // The waiting hear of it, the log too, and the clock tries again; whether it was written all the same is looked up first.
                lock (gate)
                {
                    doubtful = trouble is not FullStatusListException;
                    foreach (var (device, change) in flying) waiting.TryAdd(device, change);
                    flying = [];
                    writing = false;
                    Arm(time.GetUtcNow() + (doubtful ? Retry : RetryFull));
                }
                flight.SetException(trouble);
                failed(flight.Task.Exception!.InnerException!);
                return;
            }
        }
    }

    /// <summary>What is stored is in force, and what it says already need not be said again.</summary>
    private async Task ReloadAsync()
    {
        looking = false;
        var stored = await ReadAsync(CancellationToken.None);
        IReadOnlyList<StatusIssue> missed = stored is null || stored.Serial == inForce?.Serial ? [] : await shelf.HistoryAsync(MostMissed, CancellationToken.None, inForce?.Serial ?? 0);
        var said = missed.Reverse().SelectMany(issue => issue.Changes).ToList();
        lock (gate)
        {
            if (missed.Count > 0) Take(stored!);
            foreach (var change in said.Where(change => !heard.IsOld(change))) heard.Take(change);
            foreach (var (device, change) in flying)
                if (Listed(device) == change.Standing || heard.IsOld(change)) flying.Remove(device);
            foreach (var (device, change) in waiting)
                if (heard.IsOld(change)) waiting.Remove(device);
        }
        doubtful = false;
        if (missed.Count == 0) return;
        Issued?.Invoke(InForce);
        Overtaken?.Invoke(said.Select(change => change.Device).ToHashSet());
    }

    private async Task IssueAsync()
    {
        Dictionary<DeviceId, StatusChange> left;
        lock (gate)
        {
            left = WithoutRoom();
            if (flying.Count == 0 && !NeedsSignature)
            {
                if (left.Count == 0) return;
                flying = left;
                throw new FullStatusListException(listed.Count);
            }
        }
        var serial = await NextSerialAsync();
        var logSize = await LogSizeAsync();
        StoredStatus list;
        lock (gate)
        {
            var all = new Dictionary<DeviceId, (StatusChange Change, long Since)>(listed);
            foreach (var (device, change) in flying)
                if (change.Standing == Standing.Active) all.Remove(device);
                else all[device] = (change, serial);
            list = signer.Sign(serial, time.GetUtcMillisecond(), StatusSigner.SizeFor(highest), flying.Values, all.Values) with { LogSize = logSize };
        }
        await shelf.PutAsync(list);
        lock (gate) Take(shelf.InForce!);
        Issued?.Invoke(InForce);
        lock (gate) flying = left;
        if (left.Count > 0) throw new FullStatusListException(listed.Count);
    }

    /// <summary>Takes off what is under way whom the list has no room for: better one that lives and lacks them than one that is never signed again, which cuts off everybody.</summary>
    private Dictionary<DeviceId, StatusChange> WithoutRoom()
    {
        var more = flying.Where(one => one.Value.Standing != Standing.Active && !listed.ContainsKey(one.Key)).ToList();
        if (shelf.HasRoomFor(more.Select(one => one.Value))) return [];
        var left = new Dictionary<DeviceId, StatusChange>(more);
        foreach (var device in left.Keys) flying.Remove(device);
        return left;
    }

    private async Task<StoredStatus?> ReadAsync(CancellationToken cancellation)
    {
        try
        {
            var stored = await shelf.LoadAsync(cancellation);
            unreadable = null;
            return stored;
        }
        catch (UnreadableRecordException broken)
        {
            unreadable = broken;
            throw;
        }
    }

    /// <summary>Entries of the log at least: a list does not wait for a log that cannot be read.</summary>
    private async Task<long> LogSizeAsync()
    {
        try
        {
            return (await log.HeadAsync(CancellationToken.None))?.Size ?? 0;
        }
        catch (UnreadableRecordException)
        {
            // Its lines go to the log once that is restored, and are looked for from further back.
            return inForce?.LogSize ?? 0;
        }
    }

    /// <summary>Above every serial there was, even if the counter's row was lost (attack A30).</summary>
    private async Task<long> NextSerialAsync()
    {
        long serial;
        do serial = await serials.NextAsync(Counter, CancellationToken.None);
        while (serial <= (shelf.InForce?.Serial ?? 0));
        return serial;
    }

    private void Take(StoredStatus stored)
    {
        listed.Clear();
        foreach (var line in stored.Listed!)
        {
            var change = line.ToChange();
            listed[change.Device] = (change, line.Since);
            if (!heard.IsOld(change)) heard.Take(change);
        }
        highest = Math.Max(highest, listed.Values.Select(one => one.Change.Index).DefaultIfEmpty().Max());
        Volatile.Write(ref inForce, stored.ToIssue());
    }
}
