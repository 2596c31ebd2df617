using System.Collections.Concurrent;
using TrustMesh.Trust.Twins;
using TrustMesh.Verifier;
using TrustMesh.Wire;
using TrustMesh.Wire.Messages;

namespace TrustMesh.Host.Embedded;

/// <summary>
/// Twins in this process: made when asked for, let go when idle. That one device has one twin is for speed; the version of the row is what
/// keeps two from both being right. Thread-safe.
/// </summary>
public sealed class EmbeddedDirectory : IDisposable
{
    private static readonly TimeSpan Idle = TimeSpan.FromMinutes(5), SweepEvery = TimeSpan.FromSeconds(30);

    private readonly ConcurrentDictionary<DeviceId, Mailbox> resident = new();
    private readonly Func<DeviceId, DeviceTwin> create;
    private readonly Func<DeviceId, CancellationToken, Task> settled;
    private readonly int capacity;
    private readonly ITimer sweeper;
    private int sweeping;

    /// <param name="settled">Ends when the mesh's status list says what was decided about the device: only then the decision is answered.</param>
    /// <param name="capacity">Twins kept in memory; beyond it the longest unused go at once.</param>
    public EmbeddedDirectory(Func<DeviceId, DeviceTwin> create, Func<DeviceId, CancellationToken, Task> settled, int capacity, TimeProvider time)
    {
        (this.create, this.settled, this.capacity) = (create, settled, capacity);
        sweeper = time.CreateTimer(_ => Sweep(), null, SweepEvery, SweepEvery);
    }

    public int Resident => resident.Count;

    /// <summary>The device's twin, whether it exists yet or not.</summary>
    public IDeviceTwin For(DeviceId device) => new Address(this, device);

    public void Dispose() => sweeper.Dispose();

    /// <summary>Lets idle twins go.</summary>
    public void Sweep()
    {
        if (Interlocked.Exchange(ref sweeping, 1) == 1) return;
        try
        {
            var now = Environment.TickCount64;
            // ToArray is a snapshot; copying or sorting the dictionary itself throws when a twin is made meanwhile.
            var twins = resident.ToArray();
            var surplus = twins.Length - capacity;
            // Sorted by what was read once: the times themselves change while we look.
            if (surplus > 0) Array.Sort(Array.ConvertAll(twins, twin => twin.Value.LastUsed), twins);
            foreach (var (device, mailbox) in twins)
            {
                if (surplus-- <= 0 && now - mailbox.LastUsed < Idle.TotalMilliseconds) continue;
                if (mailbox.TryClose()) resident.TryRemove(new(device, mailbox));
            }
        }
        finally
        {
            Volatile.Write(ref sweeping, 0);
        }
    }

    private Task<T> PostAsync<T>(DeviceId device, Func<DeviceTwin, Task<T>> call)
    {
        while (true)
        {
            // Counting takes every lock of the dictionary, so it is counted only when it grew.
            var grows = !resident.TryGetValue(device, out var mailbox);
            mailbox ??= resident.GetOrAdd(device, static (id, make) => new(make(id)), create);
            if (mailbox.Post(call) is { } posted)
            {
                if (grows && resident.Count > capacity + capacity / 4) Sweep();
                return posted;
            }
            // Closed between our look and our call: it is on its way out; help it out and look again.
            resident.TryRemove(new(device, mailbox));
        }
    }

    private sealed class Address(EmbeddedDirectory directory, DeviceId device) : IDeviceTwin
    {
        public Task<TwinState?> ReadAsync(CancellationToken cancellation) => directory.PostAsync(device, twin => twin.ReadAsync(cancellation));

        public async Task<TwinState> EnrolAsync(Admission admission, CancellationToken cancellation)
        {
            // One that was in and now waits for approval is put out, one that is let in again comes off the list.
            var state = await directory.PostAsync(device, twin => twin.EnrolAsync(admission, cancellation));
            await directory.settled(device, cancellation);
            return state;
        }

        public async Task<TwinAnswer?> DecideAsync(StandingDecision decision, CancellationToken cancellation)
        {
            var answer = await directory.PostAsync(device, twin => twin.DecideAsync(decision, cancellation));
            // Outside the twin's turn: it may go on meanwhile.
            await directory.settled(device, cancellation);
            return answer;
        }

        public Task<TwinAnswer?> TagAsync(TagChange change, CancellationToken cancellation) => directory.PostAsync(device, twin => twin.TagAsync(change, cancellation));

        public Task<EvidenceAnswer?> AcceptAsync(VerifiedEvidence evidence, ReadOnlyMemory<byte> sessionKey, CancellationToken cancellation)
            => directory.PostAsync(device, twin => twin.AcceptAsync(evidence, sessionKey, cancellation));

        public async Task<TwinState?> HearAsync(PeerNews news, CancellationToken cancellation)
        {
            // Enough bad words suspend a device: that is a decision too.
            var state = await directory.PostAsync(device, twin => twin.HearAsync(news, cancellation));
            await directory.settled(device, cancellation);
            return state;
        }

        public Task RefuseAsync(IReadOnlyList<Finding> findings, CancellationToken cancellation) => directory.PostAsync(device, async twin =>
        {
            await twin.RefuseAsync(findings, cancellation);
            return true;
        });
    }
}
