using System.Net.Sockets;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using TrustMesh.Agent.Configuration;

namespace TrustMesh.Agent.Door;

/// <summary>The other end of the door, for this program's own commands.</summary>
internal sealed class DoorClient : IDisposable
{
    /// <summary>Bytes; a peer in detail has at most 64 findings of 5 texts.</summary>
    private const int LongestAnswer = 512 * 1024;

    private readonly Socket socket = new(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
    private readonly DoorLines lines;

    private DoorClient() => lines = new(socket, LongestAnswer);

    /// <summary>Throws <see cref="SocketException"/> where no agent answers, or this user may not ask.</summary>
    public static async Task<DoorClient> ConnectAsync(DoorSettings settings, CancellationToken stop)
    {
        var client = new DoorClient();
        try
        {
            await client.socket.ConnectAsync(new UnixDomainSocketEndPoint(settings.Path), stop);
            return client;
        }
        catch
        {
            client.Dispose();
            throw;
        }
    }

    public async Task AskAsync(DoorRequest request, CancellationToken stop)
    {
        ReadOnlyMemory<byte> bytes = DoorJson.Line(request, DoorJson.Default.DoorRequest);
        while (!bytes.IsEmpty) bytes = bytes[await socket.SendAsync(bytes, SocketFlags.None, stop)..];
    }

    /// <summary>The next line as it came, without its end; null when the agent closed.</summary>
    public Task<ReadOnlyMemory<byte>?> NextAsync(CancellationToken stop) => lines.NextAsync(stop);

    /// <summary>The line as an answer, or null: <paramref name="error"/> has the agent's sentence, or is empty at the end of a list.</summary>
    public static T? Read<T>(ReadOnlyMemory<byte> line, JsonTypeInfo<T> type, out string error) where T : class
    {
        error = "";
        using var document = JsonDocument.Parse(line);
        if (document.RootElement.TryGetProperty("error", out var sentence)) error = sentence.GetString() ?? "";
        else if (!document.RootElement.TryGetProperty("end", out _)) return document.Deserialize(type);
        return null;
    }

    public void Dispose() => socket.Dispose();
}
