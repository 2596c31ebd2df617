using System.Net;
using TrustMesh.Agent.Configuration;
using TrustMesh.Agent.Peers;
using TrustMesh.Tests.Parts;
using TrustMesh.Wire;
using TrustMesh.Wire.Peers;

namespace TrustMesh.Tests.Agent;

/// <summary>A whole agent in this process with a silo of its own, which can go away and come back; root and folder outlive both.</summary>
public sealed class PeeredDevice(PeerMesh mesh, FakeAuthority authority, string name) : IAsyncDisposable
{
    public const string Good = "speed=3\n";

    private int siloPort, peerPort;

    public Folder Folder { get; } = new();

    public RegisterRoot Root { get; } = new();

    public DeviceId Id => Root.Device;

    public FakeSilo Silo { get; private set; } = null!;

    public RunningLife Life { get; private set; } = null!;

    /// <summary>Whom the silo lets it examine.</summary>
    public byte[]? Assignment { get; set; }

    public long AssignmentSerial { get; set; }

    /// <summary>Where it says that it listens; null before its silo heard of it.</summary>
    public string? Address => Silo.Watched.LastOrDefault(request => request.Addresses.Count > 0)?.Addresses[0];

    /// <summary>Joins with a silo, or goes on from disk with none.</summary>
    public async Task StartAsync(bool withSilo = true)
    {
        if (!File.Exists(Folder["measured/pump.conf"])) Folder.Write("measured/pump.conf", Good);
        if (withSilo) await StartSiloAsync();
        Life = new(Folder, new($"https://localhost:{siloPort}/"), Root, authority.TokenText(), change: config => config with
        {
            Name = name,
            Peer = peerPort == 0 ? new(new IPEndPoint(IPAddress.Loopback, 0), ["127.0.0.1:0"]) : new(new IPEndPoint(IPAddress.Loopback, peerPort), [$"127.0.0.1:{peerPort}"]),
        });
    }

    public async Task StartSiloAsync()
    {
        var next = Silo?.NextVerdict ?? 1;
        Silo = await FakeSilo.StartAsync(authority, port: siloPort);
        Silo.NextSeconds = 1;
        Silo.NextVerdict = next;
        Silo.Membership = () => mesh.MembershipOf(Id);
        Silo.Publish = request => new(
            request.PolicySerial < mesh.Policy.Serial ? mesh.SignedPolicy() : default(ReadOnlyMemory<byte>?),
            request.StatusSerial < mesh.StatusSerial ? mesh.SignedStatus() : default(ReadOnlyMemory<byte>?),
            Assignment is { } peers && request.PeersSerial < AssignmentSerial ? peers : default(ReadOnlyMemory<byte>?),
            request.References.Any(one => one.Model == PeerMesh.Model && one.Serial < mesh.Reference!.Serial) ? [mesh.SignedReference()!] : [],
            []);
        siloPort = Silo.Address.Port;
    }

    /// <summary>The silo is gone; its port stays its own.</summary>
    public ValueTask StopSiloAsync() => Silo.DisposeAsync();

    public ValueTask StopAsync()
    {
        if (Address is { } address && PeerAddress.TryParse(address, out _, out var port)) peerPort = port;
        return Life.DisposeAsync();
    }

    /// <summary>What it holds true about another; null if it knows nothing of it.</summary>
    public KnownPeer? About(PeeredDevice other) => Life.Peers.Find(other.Id);

    public Task AcceptsAsync(PeeredDevice other)
        => Eventually.TrueAsync(() => About(other)?.IsAccepted(DateTimeOffset.UtcNow) == true, $"{name} to accept the other; {Say(About(other))}");

    public Task RefusesAsync(PeeredDevice other)
        => Eventually.TrueAsync(() => About(other) is { JudgedAt: not null } peer && !peer.IsAccepted(DateTimeOffset.UtcNow), $"{name} to refuse the other; {Say(About(other))}");

    public async ValueTask DisposeAsync()
    {
        if (Life is not null) await Life.DisposeAsync();
        if (Silo is not null) await Silo.DisposeAsync();
        Folder.Dispose();
    }

    private static string Say(KnownPeer? peer) => peer is null ? "it does not know it" : $"{peer.Status}: {string.Join("; ", peer.Because.Select(finding => $"{finding.Check} got {finding.Got}"))}";
}
