using System.Threading.Channels;
using TrustMesh.Agent.Peers;
using TrustMesh.Wire;

namespace TrustMesh.Agent.Door;

/// <summary>
/// Tells subscribers what became of peers: at every change, and when a verdict runs out by the clock with nobody changing anything. What is told is read
/// from the book while the order of lines is fixed: the last line about a peer is never older than the book was then.
/// </summary>
internal sealed class PeerNews : IDisposable
{
    /// <summary>The clock may be set; it is looked at again at least this often.</summary>
    private static readonly TimeSpan LongestNap = TimeSpan.FromSeconds(10), ShortestNap = TimeSpan.FromMilliseconds(1);

    private readonly Lock gate = new();
    private readonly PeerBook book;
    private readonly TimeProvider time;
    private readonly ITimer timer;
    private readonly Dictionary<DeviceId, KnownPeer> accepted = [];
    private readonly List<Channel<byte[]>> readers = [];

    public PeerNews(PeerBook book, TimeProvider time)
    {
        (this.book, this.time) = (book, time);
        timer = time.CreateTimer(_ => Expire(), null, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
        book.Changed += Note;
        lock (gate)
        {
            foreach (var peer in book.All) Remember(peer, time.GetUtcNow());
            Arm();
        }
    }

    public int Readers { get { lock (gate) return readers.Count; } }

    /// <summary>The present state of every peer, <c>{"end":true}</c>, then changes. Completed when more than <paramref name="waiting"/> changes wait.</summary>
    public Channel<byte[]> Subscribe(int waiting)
    {
        lock (gate)
        {
            var (peers, now) = (book.All, time.GetUtcNow());
            var channel = Channel.CreateBounded<byte[]>(peers.Count + 1 + waiting);
            foreach (var peer in peers) channel.Writer.TryWrite(Line(peer, now));
            channel.Writer.TryWrite(DoorJson.Line(new(true), DoorJson.Default.DoorEnd));
            readers.Add(channel);
            return channel;
        }
    }

    public void Unsubscribe(Channel<byte[]> channel)
    {
        lock (gate) readers.Remove(channel);
    }

    public void Dispose()
    {
        book.Changed -= Note;
        timer.Dispose();
    }

    private static byte[] Line(KnownPeer peer, DateTimeOffset now) => DoorJson.Line(DoorWords.Peer(peer, now), DoorJson.Default.DoorPeer);

    private void Note(KnownPeer changed)
    {
        lock (gate)
        {
            // Two threads may bring their changes in the wrong order; the book has them in the right one.
            var (peer, now) = (book.Find(changed.Device) ?? changed, time.GetUtcNow());
            Remember(peer, now);
            Tell(peer, now);
            Arm();
        }
    }

    private void Expire()
    {
        lock (gate)
        {
            var now = time.GetUtcNow();
            foreach (var peer in accepted.Values.Where(peer => !peer.IsAccepted(now)).ToList())
            {
                accepted.Remove(peer.Device);
                // A newer judgement has its own line on the way.
                if (book.Find(peer.Device) is not { } current || !current.IsAccepted(now)) Tell(peer, now);
            }
            Arm();
        }
    }

    private void Remember(KnownPeer peer, DateTimeOffset now)
    {
        if (peer.IsAccepted(now)) accepted[peer.Device] = peer;
        else accepted.Remove(peer.Device);
    }

    private void Tell(KnownPeer peer, DateTimeOffset now)
    {
        if (readers.Count == 0) return;
        var line = Line(peer, now);
        foreach (var reader in readers.Where(reader => !reader.Writer.TryWrite(line)).ToList())
        {
            // A line that is left out could be the one that says no: whoever can not keep up starts over.
            readers.Remove(reader);
            reader.Writer.TryComplete();
        }
    }

    private void Arm()
    {
        if (accepted.Count == 0)
        {
            timer.Change(Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
            return;
        }
        var nap = accepted.Values.Min(peer => peer.ExpiresAt!.Value) - time.GetUtcNow();
        timer.Change(nap < ShortestNap ? ShortestNap : nap > LongestNap ? LongestNap : nap, Timeout.InfiniteTimeSpan);
    }
}
