using System.Net;
using System.Net.Sockets;
using System.Text;

namespace TrustMesh.Tests.Dashboard;

/// <summary>What stands where a silo should: it answers whatever is asked, and its answer never ends.</summary>
internal sealed class EndlessSilo : IAsyncDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly CancellationTokenSource _end = new();
    private readonly byte[] _head;
    private readonly Task _accepting;
    private long _sent;

    /// <param name="begin">What its answers begin with; then comes one letter for ever.</param>
    public EndlessSilo(string status, string type, string begin)
    {
        _head = Encoding.ASCII.GetBytes($"HTTP/1.1 {status}\r\nContent-Type: {type}\r\nConnection: close\r\n\r\n{begin}");
        _listener.Start();
        _accepting = AcceptAsync();
    }

    public Uri Address => new($"http://127.0.0.1:{((IPEndPoint)_listener.LocalEndpoint).Port}");

    /// <summary>Bytes somebody took, or that are on their way.</summary>
    public long Sent => Interlocked.Read(ref _sent);

    public async ValueTask DisposeAsync()
    {
        await _end.CancelAsync();
        _listener.Stop();
        await _accepting;
        _end.Dispose();
    }

    private async Task AcceptAsync()
    {
        var answers = new List<Task>();
        try
        {
            while (true)
                answers.Add(AnswerAsync(await _listener.AcceptTcpClientAsync(_end.Token)));
        }
        catch (OperationCanceledException)
        {
            await Task.WhenAll(answers);
        }
    }

    private async Task AnswerAsync(TcpClient client)
    {
        using var asked = client;
        var letters = new byte[64 * 1024];
        letters.AsSpan().Fill((byte)'a');
        try
        {
            var stream = client.GetStream();
            // The question is one small packet; what it is does not matter.
            await stream.ReadAtLeastAsync(new byte[4096], 1, cancellationToken: _end.Token);
            await stream.WriteAsync(_head, _end.Token);
            while (true)
            {
                await stream.WriteAsync(letters, _end.Token);
                Interlocked.Add(ref _sent, letters.Length);
            }
        }
        catch (Exception over) when (over is IOException or OperationCanceledException)
        {
            // Whoever asked has enough, which is what is waited for.
            return;
        }
    }
}
