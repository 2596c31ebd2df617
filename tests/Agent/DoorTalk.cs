using System.Net.Sockets;
using System.Text;
using System.Text.Json;

namespace TrustMesh.Tests.Agent;

/// <summary>An application at the agent's door.</summary>
internal sealed class DoorTalk : IDisposable
{
    private readonly Socket socket = new(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
    private StreamReader reader = StreamReader.Null;

    public static async Task<DoorTalk> ConnectAsync(string path)
    {
        var talk = new DoorTalk();
        await talk.socket.ConnectAsync(new UnixDomainSocketEndPoint(path));
        talk.reader = new(new NetworkStream(talk.socket), new UTF8Encoding(false, throwOnInvalidBytes: true));
        return talk;
    }

    public static async Task<JsonElement> AskAsync(string path, string line)
    {
        using var talk = await ConnectAsync(path);
        return await talk.AskAsync(line);
    }

    public async Task<JsonElement> AskAsync(string line)
    {
        await SendAsync(line + "\n");
        return await NextAsync();
    }

    public Task SendAsync(string text) => SendAsync(Encoding.UTF8.GetBytes(text));

    public async Task SendAsync(ReadOnlyMemory<byte> bytes)
    {
        while (!bytes.IsEmpty) bytes = bytes[await socket.SendAsync(bytes)..];
    }

    public async Task<JsonElement> NextAsync()
    {
        var line = await LineAsync();
        Assert.True(line is not null, "the agent closed the connection");
        return JsonDocument.Parse(line).RootElement.Clone();
    }

    /// <summary>Null at the end.</summary>
    public async Task<string?> LineAsync()
    {
        using var limit = new CancellationTokenSource(Eventually.Deadline);
        try
        {
            return await reader.ReadLineAsync(limit.Token);
        }
        catch (IOException)
        {
            // Cut rather than closed: the end all the same.
            return null;
        }
    }

    /// <summary>Nothing more is asked; answers may still come.</summary>
    public void EndInput() => socket.Shutdown(SocketShutdown.Send);

    public void Dispose() => socket.Dispose();
}
