using System.Net.Sockets;
using System.Text.Json;

namespace TrustMesh.Tests.EndToEnd;

/// <summary>An application on a device that asks its agent, as DOOR.md says: it subscribes, and is told what is so and what changes.</summary>
internal static class Door
{
    /// <summary>Waits until the agent says this of a peer; what it said then.</summary>
    public static async Task<JsonElement> UntilAsync(string socket, string peer, Func<JsonElement, bool> isSo, TimeSpan patience)
    {
        using var limit = new CancellationTokenSource(patience);
        var last = "nothing of it";
        try
        {
            using var client = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
            await client.ConnectAsync(new UnixDomainSocketEndPoint(socket), limit.Token);
            await client.SendAsync("{\"subscribe\":true}\n"u8.ToArray(), limit.Token);
            using var lines = new StreamReader(new NetworkStream(client));
            while (await lines.ReadLineAsync(limit.Token) is { } line)
            {
                using var said = JsonDocument.Parse(line);
                // Between what was so before and what changes stands a line that says so.
                if (!said.RootElement.TryGetProperty("name", out var name) || name.GetString() != peer) continue;
                last = line;
                if (isSo(said.RootElement)) return said.RootElement.Clone();
            }
            throw new IOException("The agent hung up.");
        }
        catch (OperationCanceledException)
        {
            Assert.Fail($"The agent behind {socket} did not say it of {peer} within {patience.TotalSeconds:0} s; last it said {last}.");
            throw;
        }
    }

    /// <summary>When that verdict was made; the beginning of time if there is none.</summary>
    public static DateTimeOffset Judged(JsonElement peer) => peer.GetProperty("judged") is { ValueKind: JsonValueKind.String } at ? at.GetDateTimeOffset() : DateTimeOffset.MinValue;

    public static bool IsAllowed(JsonElement peer) => peer.GetProperty("allowed").GetBoolean();

    public static string Verdict(JsonElement peer) => peer.GetProperty("verdict").GetString()!;

    public static string Reason(JsonElement peer) => peer.GetProperty("reason").GetString() ?? "";
}
