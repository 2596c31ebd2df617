using System.Net;
using Microsoft.Extensions.Logging;
using TrustMesh.Agent.Configuration;
using TrustMesh.Agent.Hosting;
using TrustMesh.Agent.Peers;
using TrustMesh.Tests.Agent;
using TrustMesh.Wire;
using TrustMesh.Wire.Messages;

namespace TrustMesh.Tests.Parts;

/// <summary>A <see cref="MeshDevice"/> on the loopback network: its node listens, examines, and writes a log that can be read. The device is the caller's.</summary>
public sealed class RunningPeer : IAsyncDisposable
{
    private readonly CancellationTokenSource stop = new();
    private readonly StringWriter text = new();
    private readonly TextWriter lines;
    private readonly Task running;

    public RunningPeer(MeshDevice device, PeerLimits? limits = null, bool listens = true, IPEndPoint? at = null)
    {
        (Device, lines) = (device, TextWriter.Synchronized(text));
        var endpoint = listens ? at ?? new IPEndPoint(IPAddress.Loopback, 0) : null;
        Node = new(new PeerSettings(endpoint, []), device.Id, device.Statements, device.Book, device.Proofs, device.Sessions, Record.Keep, device.Mesh.Time,
            new Journal(lines, underSystemd: true, LogLevel.Debug, device.Mesh.Time), limits);
        running = Node.RunAsync(stop.Token);
    }

    public MeshDevice Device { get; }

    public PeerNode Node { get; }

    public PeerRecord Record { get; } = new();

    /// <summary>What its log says so far.</summary>
    public string Log
    {
        // The synchronized writer locks itself for each line; who reads beside it has to as well.
        get { lock (lines) return text.ToString(); }
    }

    /// <summary><c>127.0.0.1:port</c></summary>
    public string Address => Node.Listening!.ToString();

    /// <summary>What this device holds true about another; null if it does not know it.</summary>
    public KnownPeer? Of(RunningPeer other) => Device.Book.Find(other.Device.Id);

    /// <summary>Tells this device by its authority whom to examine, and where.</summary>
    public void Assign(params IEnumerable<RunningPeer> peers)
        => Assert.Empty(Device.Statements.OfferPeers(Device.Mesh.SignedPeers(Device.Id, peers.Select(peer => Device.Mesh.Assigned(peer.Device.Id, peer.Address)))));

    public Task HoldsAsync(RunningPeer other, TrustTier status) => HoldsAsync(other.Device.Id, peer => peer.Status == status && peer.JudgedAt is not null, status.ToString());

    public Task HoldsAsync(RunningPeer other, TrustTier status, string check)
        => HoldsAsync(other.Device.Id, peer => peer.Status == status && peer.Because.Any(finding => finding.Check == check), $"{status} because of {check}");

    public Task HoldsAsync(DeviceId device, Func<KnownPeer, bool> what, string words)
        => Eventually.TrueAsync(() => Device.Book.Find(device) is { } peer && what(peer),
            $"{Device.Name} to hold {words}; it holds {Device.Book.Find(device)?.Status}: {string.Join("; ", Device.Book.Find(device)?.Because.Select(finding => $"{finding.Check}: {finding.Got}") ?? [])}; its log:\n{Log}");

    public Task SaysAsync(string words) => Eventually.TrueAsync(() => Says(words), $"{Device.Name} to say \"{words}\"; its log:\n{Log}");

    public bool Says(string words) => Log.Contains(words, StringComparison.Ordinal);

    public async ValueTask DisposeAsync()
    {
        await stop.CancelAsync();
        await running.WaitAsync(Eventually.Deadline);
        Node.Dispose();
        TestContext.Current.TestOutputHelper?.WriteLine($"--- {Device.Name}\n{Log}");
        stop.Dispose();
    }
}
