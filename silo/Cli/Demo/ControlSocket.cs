using System.Net.Sockets;
using System.Runtime.Versioning;
using System.Text;
using System.Text.Json;
using TrustMesh.Cli.Output;

namespace TrustMesh.Cli.Demo;

/// <summary>
/// The door of a running demo for <c>trustmesh demo silo</c> and <c>trustmesh demo status</c>: a Unix socket in its private folder, so only its own
/// user gets there. One line in, one line of JSON out, one caller at a time.
/// </summary>
[SupportedOSPlatform("linux")]
internal sealed class ControlSocket : IAsyncDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(5);

    private readonly Socket listener = new(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
    private readonly CancellationTokenSource ending = new();
    private readonly Func<string, CancellationToken, Task<ControlAnswer>> obey;
    private readonly Task serving;

    /// <param name="obey">Does what a line says.</param>
    public ControlSocket(DemoFolder folder, Func<string, CancellationToken, Task<ControlAnswer>> obey)
    {
        this.obey = obey;
        var path = folder.Fresh(folder.Socket("control.sock"));
        listener.Bind(new UnixDomainSocketEndPoint(path));
        listener.Listen(8);
        // The folder's path may be too long for a socket; a link in it leads there.
        File.Delete(folder.At(Name));
        File.CreateSymbolicLink(folder.At(Name), path);
        serving = ServeAsync();
    }

    private const string Name = "control";

    /// <summary>Asks the demo whose folder this is. Throws <see cref="CommandFailure"/> if none runs there.</summary>
    public static async Task<ControlAnswer> AskAsync(string folder, string command, CancellationToken ct)
    {
        try
        {
            var path = File.ResolveLinkTarget(Path.Combine(folder, Name), returnFinalTarget: false)?.FullName ?? throw NoDemo(folder, null);
            using var socket = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
            await socket.ConnectAsync(new UnixDomainSocketEndPoint(path), ct);
            await using var stream = new NetworkStream(socket);
            await stream.WriteAsync(Encoding.ASCII.GetBytes(command + "\n"), ct);
            return await JsonSerializer.DeserializeAsync(stream, CliJson.Default.ControlAnswer, ct) ?? throw NoDemo(folder, null);
        }
        catch (Exception absent) when (absent is IOException or SocketException or UnauthorizedAccessException or JsonException)
        {
            throw NoDemo(folder, absent);
        }
    }

    public async ValueTask DisposeAsync()
    {
        await ending.CancelAsync();
        await serving;
        listener.Dispose();
        ending.Dispose();
    }

    private static CommandFailure NoDemo(string folder, Exception? cause)
        => new(ExitCode.NotFound, $"No demo runs in {folder}.", "Start one with infra/run, or name its folder with --state DIR.", cause);

    private async Task ServeAsync()
    {
        try
        {
            while (true)
            {
                using var caller = await listener.AcceptAsync(ending.Token);
                await AnswerAsync(caller);
            }
        }
        catch (OperationCanceledException)
        {
            // The demo ends.
        }
    }

    private async Task AnswerAsync(Socket caller)
    {
        try
        {
            await using var stream = new NetworkStream(caller);
            if (await LineAsync(stream) is not { } line) return;
            await JsonSerializer.SerializeAsync(stream, await obey(line, ending.Token), CliJson.Default.ControlAnswer, ending.Token);
        }
        catch (IOException)
        {
            // The caller went away; what it asked for is done all the same.
        }
    }

    /// <summary>One line, or null: a caller that says nothing, or too much, is not waited for.</summary>
    private async Task<string?> LineAsync(NetworkStream stream)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(ending.Token);
        limit.CancelAfter(Patience);
        var line = new byte[ControlCommand.Longest];
        var length = 0;
        try
        {
            while (length < line.Length)
            {
                var read = await stream.ReadAsync(line.AsMemory(length), limit.Token);
                if (read == 0) return null;
                length += read;
                if (line[length - 1] == '\n') return Encoding.ASCII.GetString(line, 0, length - 1);
            }
            return null;
        }
        catch (OperationCanceledException) when (!ending.IsCancellationRequested)
        {
            return null;
        }
    }
}
