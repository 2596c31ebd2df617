using System.Diagnostics;
using System.Net.Sockets;
using System.Text.Json;

namespace TrustMesh.Bench;

/// <summary>An application at an agent's door that subscribed to what the agent holds true about its peers.</summary>
internal sealed class DoorWatch : IDisposable
{
    private readonly Socket socket = new(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
    private readonly HashSet<string> allowed = [];
    private StreamReader lines = StreamReader.Null;

    /// <summary>Returns when the present state was told.</summary>
    public static async Task<DoorWatch> OpenAsync(string door)
    {
        var watch = new DoorWatch();
        await watch.socket.ConnectAsync(new UnixDomainSocketEndPoint(door));
        await watch.socket.SendAsync("{\"subscribe\":true}\n"u8.ToArray());
        watch.lines = new(new NetworkStream(watch.socket));
        while (await watch.NextAsync() is { } line && !line.TryGetProperty("end", out _))
            if (line.GetProperty("allowed").GetBoolean()) watch.allowed.Add(line.GetProperty("name").GetString()!);
        return watch;
    }

    /// <summary>Whether that peer was let in when the watch began.</summary>
    public bool Allows(string peer) => allowed.Contains(peer);

    /// <summary>Waits for the agent to hold a peer contraindicated; returns the timestamp of the line that says so.</summary>
    public async Task<long> DeniesAsync(string peer, CancellationToken stop)
    {
        while (await NextAsync(stop) is { } line)
            if (line.TryGetProperty("name", out var name) && name.GetString() == peer && line.GetProperty("verdict").GetString() == "contraindicated") return Stopwatch.GetTimestamp();
        throw new InvalidOperationException("an agent closed its door");
    }

    public void Dispose()
    {
        lines.Dispose();
        socket.Dispose();
    }

    private async Task<JsonElement?> NextAsync(CancellationToken stop = default)
    {
        if (await lines.ReadLineAsync(stop) is not { } line) return null;
        using var read = JsonDocument.Parse(line);
        return read.RootElement.Clone();
    }
}
